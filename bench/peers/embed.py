"""Sentences/s from text to vector, by ONNX Runtime or PyTorch: batches of 32 sorted by length, mean pooling, vectors of length 1.

    python embed.py --engine onnxruntime --model FOLDER --onnx model.onnx --sentences FILE --vectors OUT

Writes the vectors as float32 in the order of the sentences, and prints one JSON line. Encoding is by Hugging Face tokenizers.
"""

import argparse
import json
import os
import statistics
import time

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import numpy as np  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402


def grids(tokenizer, sentences, batch):
    rows = [encoding.ids for encoding in tokenizer.encode_batch(sentences)]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    for at in range(0, len(order), batch):
        part = order[at:at + batch]
        width = max(len(rows[i]) for i in part)
        ids = np.zeros((len(part), width), dtype=np.int64)
        mask = np.zeros((len(part), width), dtype=np.int64)
        for k, i in enumerate(part):
            ids[k, :len(rows[i])] = rows[i]
            mask[k, :len(rows[i])] = 1
        yield part, ids, mask


def onnxruntime(args):
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.intra_op_num_threads = args.threads
    options.inter_op_num_threads = 1
    session = ort.InferenceSession(args.onnx, options, providers=["CPUExecutionProvider"])
    wanted = {field.name for field in session.get_inputs()}
    output = [field.name for field in session.get_outputs()][0]

    def states(ids, mask):
        fields = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        return session.run([output], {name: value for name, value in fields.items() if name in wanted})[0]

    def vectors(ids, mask):
        x = states(ids, mask)
        weights = mask[:, :, None].astype(np.float32)
        mean = (x * weights).sum(1) / weights.sum(1)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)

    return vectors, "onnxruntime " + ort.__version__


def pytorch(args):
    import torch
    import transformers
    torch.set_num_threads(args.threads)
    model = transformers.AutoModel.from_pretrained(args.model).eval()

    def vectors(ids, mask):
        with torch.inference_mode():
            ids, mask = torch.from_numpy(ids), torch.from_numpy(mask)
            x = model(input_ids=ids, attention_mask=mask).last_hidden_state
            weights = mask[:, :, None].to(x.dtype)
            return torch.nn.functional.normalize((x * weights).sum(1) / weights.sum(1), dim=1).numpy()

    return vectors, "torch " + torch.__version__


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", choices=["onnxruntime", "pytorch"], required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--onnx")
    parser.add_argument("--sentences", required=True)
    parser.add_argument("--vectors", required=True)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    tokenizer = Tokenizer.from_file(os.path.join(args.model, "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    with open(args.sentences) as file:
        sentences = file.read().split("\n")[:-1]
    vectors, engine = (onnxruntime if args.engine == "onnxruntime" else pytorch)(args)

    def embed():
        out = [None] * len(sentences)
        for part, ids, mask in grids(tokenizer, sentences, args.batch):
            for i, vector in zip(part, vectors(ids, mask)):
                out[i] = vector
        return np.stack(out)

    embed().astype("<f4").tofile(args.vectors)
    rates = []
    began = time.perf_counter()
    while len(rates) < 3 or time.perf_counter() - began < args.seconds:
        started = time.perf_counter()
        embed()
        rates.append(len(sentences) / (time.perf_counter() - started))
    print(json.dumps({"peer": engine, "sentences_per_second": round(statistics.median(rates), 1), "passes": len(rates)}))


if __name__ == "__main__":
    main()
