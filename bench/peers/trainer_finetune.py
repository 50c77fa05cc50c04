"""Sentences/s of the Hugging Face Trainer fine-tuning a classifier, and the accuracy that comes of it.

    python trainer_finetune.py --model FOLDER --train train.csv --test dev.csv [--grouped] [--bf16]

The files are CSV with the columns text and label. Prints one JSON line. The rate is the Trainer's own for the whole epoch; rows are
encoded before, as on the other side.
"""

import argparse
import csv
import json
import os
import resource
import tempfile

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import torch  # noqa: E402
import transformers  # noqa: E402


class Rows(torch.utils.data.Dataset):
    def __init__(self, file, tokenizer, length):
        with open(file, newline="") as lines:
            rows = list(csv.DictReader(lines))
        encoded = tokenizer([row["text"] for row in rows], truncation=True, max_length=length)["input_ids"]
        self.rows = [dict(input_ids=ids, labels=int(row["label"])) for ids, row in zip(encoded, rows)]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return self.rows[index]


def accuracy(model, rows, collator, batch):
    model.eval()
    right = 0
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]["input_ids"]))
    with torch.no_grad():
        for at in range(0, len(order), batch):
            batch_of = collator([rows[i] for i in order[at:at + batch]])
            labels = batch_of.pop("labels")
            right += int((model(**batch_of).logits.argmax(-1) == labels).sum())
    return right / len(rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--train", required=True)
    parser.add_argument("--test", required=True)
    parser.add_argument("--grouped", action="store_true")
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    transformers.set_seed(1)
    tokenizer = transformers.AutoTokenizer.from_pretrained(args.model)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(args.model, num_labels=2)
    train, test = Rows(args.train, tokenizer, 128), Rows(args.test, tokenizer, 128)
    collator = transformers.DataCollatorWithPadding(tokenizer)
    with tempfile.TemporaryDirectory() as folder:
        trainer = transformers.Trainer(
            model=model, train_dataset=train, data_collator=collator,
            args=transformers.TrainingArguments(
                output_dir=folder, per_device_train_batch_size=32, num_train_epochs=1, learning_rate=1e-4, weight_decay=0.01,
                lr_scheduler_type="linear", warmup_steps=0.06, max_grad_norm=1.0, bf16=args.bf16, use_cpu=True, save_strategy="no",
                train_sampling_strategy="group_by_length" if args.grouped else "random",
                logging_steps=50, report_to=[], disable_tqdm=True, seed=1))
        result = trainer.train().metrics
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"peer": "Trainer " + transformers.__version__, "grouped": args.grouped, "bf16": args.bf16,
                      "sentences_per_second": round(result["train_samples_per_second"], 1),
                      "accuracy": accuracy(model, test, collator, 32), "peak_resident_mb": peak}))


if __name__ == "__main__":
    main()
