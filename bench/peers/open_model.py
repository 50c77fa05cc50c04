"""Seconds until transformers has opened a model and its tokenizer from a folder: the imports, the first time, and later times.

    python open_model.py --model FOLDER --times 7

Prints one JSON line.
"""

import argparse
import json
import statistics
import time

began = time.perf_counter()
import torch  # noqa: E402, F401
from transformers import AutoModel, AutoTokenizer  # noqa: E402

library = time.perf_counter() - began


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--times", type=int, default=7)
    args = parser.parse_args()
    seconds = []
    for _ in range(args.times):
        started = time.perf_counter()
        AutoTokenizer.from_pretrained(args.model)
        AutoModel.from_pretrained(args.model).eval()
        seconds.append(time.perf_counter() - started)
    print(json.dumps({"library": round(library, 4), "first": round(seconds[0], 4), "again": round(statistics.median(seconds[1:]), 4)}))


if __name__ == "__main__":
    main()
