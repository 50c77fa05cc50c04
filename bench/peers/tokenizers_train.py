"""Times the training of a tokenizer with Hugging Face tokenizers and encoding with it; the peer of TokenizerBench.

Arguments: KIND (bpe or wordpiece), FILE, VOCABULARY, OUT (a folder for the tokenizer.json), and how often to encode.
tokenizers 0.23.3. RAYON_NUM_THREADS says how many threads it takes.
"""

import os
import sys
import time

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
TEXTS = 1024


def lines(path):
    with open(path, encoding="utf8", newline="") as file:
        buffered = file.read(1 << 20)
        while buffered:
            whole, end, rest = buffered.rpartition("\n")
            yield from (line + "\n" for line in whole.split("\n")) if end else ()
            more = file.read(1 << 20)
            if not more and rest:
                yield rest
            buffered = rest + more if more else ""


def made(kind, vocabulary):
    if kind == "bpe":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        return tokenizer, trainers.BpeTrainer(
            vocab_size=vocabulary,
            min_frequency=2,
            special_tokens=["<|endoftext|>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer, trainers.WordPieceTrainer(
        vocab_size=vocabulary, min_frequency=2, special_tokens=SPECIAL, show_progress=False
    )


def report(what, start, megabytes, result):
    seconds = time.perf_counter() - start
    print(f"{what:6} {seconds:7.2f} s {megabytes / seconds:7.1f} MB/s  {result}", flush=True)


def main():
    kind, path, vocabulary, out, times = sys.argv[1:]
    megabytes = os.path.getsize(path) / 1e6
    tokenizer, trainer = made(kind, int(vocabulary))
    start = time.perf_counter()
    tokenizer.train_from_iterator(lines(path), trainer)
    report("train", start, megabytes, f"{tokenizer.get_vocab_size()} pieces")
    os.makedirs(out, exist_ok=True)
    tokenizer.save(os.path.join(out, "tokenizer.json"))
    texts = list(lines(path))
    for _ in range(int(times)):
        start = time.perf_counter()
        tokens = 0
        for at in range(0, len(texts), TEXTS):
            tokens += sum(len(encoding.ids) for encoding in tokenizer.encode_batch_fast(texts[at : at + TEXTS]))
        report("encode", start, megabytes, f"{tokens} tokens")


if __name__ == "__main__":
    main()
