"""Opens an adapter that Cultivar trained in Python's PEFT, and compares its answers with those of `./cultivar predict`.

    python tools/peft_roundtrip.py ADAPTER BASE --rows FILE.csv [--column text] [--predictions ANSWERS.jsonl]

ADAPTER is a run, a checkpoint or an exported adapter; BASE the model's folder; FILE.csv has the texts that are asked about. Without
--predictions the answers are made here, by `./cultivar predict ADAPTER --input FILE.csv`. Prints the largest differences of a
probability; ends with 1 where one is beyond --tolerance. Needs torch, transformers, peft, safetensors.
"""
import argparse, csv, json, subprocess, sys, tempfile
from pathlib import Path

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer


def checkpoint(place):
    for name in ("best", "last"):
        if (place / "checkpoints" / name).exists():
            return (place / "checkpoints" / name).resolve()
    return place


def predicted(adapter, rows):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "answers.jsonl"
        launcher = Path(__file__).resolve().parent.parent / "cultivar"
        subprocess.run([launcher, "predict", adapter, "--input", rows, "--output", out], check=True, stdout=subprocess.DEVNULL)
        return read(out)


def read(file):
    return [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines() if line]


def answers(folder, base, config, labels):
    """A function from encoded rows to logits: the class that the adapter was trained in, or the mean over the bare backbone."""
    head = folder / "head.safetensors"
    if not head.exists():
        plain = AutoModelForSequenceClassification.from_pretrained(base, num_labels=len(labels))
        model = PeftModel.from_pretrained(plain, folder).eval()
        return model, lambda x: model(**x).logits
    model = PeftModel.from_pretrained(AutoModel.from_pretrained(base), folder).eval()
    linear = load_file(head)
    def logits(x):
        states, mask = model(**x).last_hidden_state, x["attention_mask"].unsqueeze(-1)
        mean = (states * mask).sum(1) / mask.sum(1)
        return mean @ linear["classifier.weight"].T + linear["classifier.bias"]
    return model, logits


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("adapter", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--column", default="text")
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--limit", type=int, default=200, help="rows that are compared")
    parser.add_argument("--tolerance", type=float, default=2e-3, help="of a probability; float32 needs 1e-5, bfloat16 more")
    given = parser.parse_args()

    folder = checkpoint(given.adapter)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    labels = [config["id2label"][str(i)] for i in range(len(config["id2label"]))]
    ours = read(given.predictions) if given.predictions else predicted(given.adapter, given.rows)
    with open(given.rows, newline="", encoding="utf-8") as file:
        texts = [row[given.column] for row in csv.DictReader(file)]
    if len(texts) != len(ours):
        sys.exit(f"{given.rows} has {len(texts)} rows, and there are {len(ours)} answers")

    length = config.get("cultivar", {}).get("max_length", 512)
    tokenizer = AutoTokenizer.from_pretrained(folder if (folder / "tokenizer.json").exists() else given.base)
    model, logits = answers(folder, given.base, config, labels)
    differences = []
    with torch.no_grad():
        for text, answer in list(zip(texts, ours))[:given.limit]:
            row = logits(tokenizer(text, truncation=True, max_length=length, return_tensors="pt")).softmax(-1)[0]
            worst = max(labels, key=lambda label: abs(row[labels.index(label)].item() - answer["scores"][label]))
            theirs = row[labels.index(worst)].item()
            differences.append((abs(theirs - answer["scores"][worst]), text, worst, answer["scores"][worst], theirs))
    differences.sort(reverse=True)
    for difference, text, label, mine, theirs in differences[:5]:
        print(f"{difference:.2e}  {label}: {mine:.6f} here, {theirs:.6f} in PEFT  {text[:60]!r}")
    largest = differences[0][0]
    kind = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))["peft_type"]
    print(f"{kind}: {len(differences)} rows, largest difference of a probability {largest:.2e}, tolerance {given.tolerance:.0e}")
    sys.exit(not largest <= given.tolerance)


main()
