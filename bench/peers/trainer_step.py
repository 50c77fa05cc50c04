"""Tokens/s of the Hugging Face Trainer on a language-model shape: GPT-2 or BERT, float32 or bfloat16.

    pip install torch==2.10.0 transformers==5.23.0 accelerate
    python trainer_step.py --shape gpt6 --precision bfloat16 --steps 12

Prints one JSON line. The Trainer's usual loop is what is measured: its data loader, clipping, AdamW, schedule and logging.
"""

import argparse
import json
import os
import resource
import tempfile
import time

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import torch  # noqa: E402
import transformers  # noqa: E402

GPT = {
    "gpt6": dict(n_layer=6, n_head=6, n_embd=384, n_positions=256, vocab_size=8192),
    "gpt4": dict(n_layer=4, n_head=4, n_embd=128, n_positions=64, vocab_size=65),
    "gpt2": dict(n_layer=12, n_head=12, n_embd=768, n_positions=64, vocab_size=50257),
}
ROWS = {"gpt6": 16, "gpt4": 64, "gpt2": 4, "mlm": 32}


class Rows(torch.utils.data.Dataset):
    def __init__(self, vocabulary, length, masked):
        self.stream = torch.randint(5, vocabulary, (2_000_000,))
        self.length, self.masked = length, masked

    def __len__(self):
        return 100_000

    def __getitem__(self, index):
        at = index * 17 % (len(self.stream) - self.length)
        ids = self.stream[at:at + self.length].clone()
        labels = ids.clone()
        if self.masked:
            chosen = torch.rand(self.length) < 0.15
            labels[~chosen] = -100
            ids[chosen] = 4
            return dict(input_ids=ids, labels=labels, attention_mask=torch.ones_like(ids))
        return dict(input_ids=ids, labels=labels)


class Clock(transformers.TrainerCallback):
    def __init__(self):
        self.times = []

    def on_step_begin(self, *_, **__):
        self.began = time.perf_counter()

    def on_step_end(self, *_, **__):
        self.times.append(time.perf_counter())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shape", choices=ROWS, default="gpt6")
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--steps", type=int, default=12)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    transformers.set_seed(1)
    if args.shape == "mlm":
        length, vocabulary = 128, 8192
        model = transformers.BertForMaskedLM(transformers.BertConfig(
            vocab_size=vocabulary, hidden_size=256, num_hidden_layers=4, num_attention_heads=4, intermediate_size=1024,
            max_position_embeddings=128))
    else:
        length, vocabulary = GPT[args.shape]["n_positions"], GPT[args.shape]["vocab_size"]
        model = transformers.GPT2LMHeadModel(transformers.GPT2Config(
            **GPT[args.shape], resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0))
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        trainer = transformers.Trainer(
            model=model, train_dataset=Rows(vocabulary, length, args.shape == "mlm"), callbacks=[clock],
            args=transformers.TrainingArguments(
                output_dir=folder, per_device_train_batch_size=ROWS[args.shape], max_steps=args.steps, learning_rate=1e-3,
                lr_scheduler_type="cosine", max_grad_norm=1.0, bf16=args.precision == "bfloat16", use_cpu=True, save_strategy="no",
                logging_steps=1, report_to=[], disable_tqdm=True))
        trainer.train()
    gaps = sorted(b - a for a, b in zip(clock.times[2:], clock.times[3:]))
    print(json.dumps({"peer": "Trainer " + transformers.__version__, "shape": args.shape, "precision": args.precision,
                      "steps": len(gaps), "tokens_per_second": round(ROWS[args.shape] * length / gaps[len(gaps) // 2], 1),
                      "peak_resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


if __name__ == "__main__":
    main()
