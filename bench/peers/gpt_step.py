"""Tokens/s of a GPT-2-style training step in PyTorch: eager, autocast to bfloat16, or compiled.

    pip install torch==2.10.0
    python gpt_step.py --shape gpt6 --precision float32 --seconds 30 [--compile]

Prints one JSON line: tokens per second and peak resident memory. Batches come from a stream of random tokens of the shape's vocabulary,
drawn anew for each step; clipping, AdamW and a cosine schedule are on, as in the runs that it is compared with.
"""

import argparse
import json
import math
import os
import resource
import time

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

SHAPES = {
    "gpt6": dict(layers=6, heads=6, width=384, context=256, vocabulary=8192, rows=16),
    "gpt4": dict(layers=4, heads=4, width=128, context=64, vocabulary=65, rows=64),
    "gpt2": dict(layers=12, heads=12, width=768, context=64, vocabulary=50257, rows=4),
}


class Block(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attend, self.project = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.rise, self.fall = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = (t.view(B, T, self.heads, C // self.heads).transpose(1, 2) for t in self.attend(self.ln_1(x)).split(C, 2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=self.dropout if self.training else 0)
        x = x + self.project(y.transpose(1, 2).reshape(B, T, C))
        return x + self.fall(F.gelu(self.rise(self.ln_2(x)), approximate="tanh"))


class Gpt(nn.Module):
    def __init__(self, layers, heads, width, context, vocabulary, rows):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.blocks = nn.ModuleList(Block(width, heads, 0.0) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.normal_(p, std=0.02)

    def forward(self, ids, targets):
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x)
        logits = F.linear(self.norm(x), self.wte.weight)
        return F.cross_entropy(logits.flatten(0, 1).float(), targets.flatten())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shape", choices=SHAPES, default="gpt6")
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--fused", action="store_true", help="the fused AdamW")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=30)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    shape = SHAPES[args.shape]
    model = Gpt(**shape)
    parameters = sum(p.numel() for p in model.parameters())
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01, fused=args.fused or None)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: 0.5 * (1 + math.cos(math.pi * min(s, 10000) / 10000)))
    run = torch.compile(model) if args.compile else model
    stream = torch.randint(shape["vocabulary"], (2_000_000,))

    def step():
        at = torch.randint(len(stream) - shape["context"] - 1, (shape["rows"],))
        ids = torch.stack([stream[i:i + shape["context"]] for i in at])
        targets = torch.stack([stream[i + 1:i + 1 + shape["context"]] for i in at])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.precision == "bfloat16"):
            loss = run(ids, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        return loss.item()

    for _ in range(3):
        step()
    times, start = [], time.perf_counter()
    while time.perf_counter() - start < args.seconds or len(times) < 3:
        began = time.perf_counter()
        loss = step()
        times.append(time.perf_counter() - began)
    median = sorted(times)[len(times) // 2]
    print(json.dumps({"peer": "pytorch " + torch.__version__ + (" compile" if args.compile else " eager"), "shape": args.shape,
                      "precision": args.precision, "parameters": parameters, "steps": len(times),
                      "tokens_per_second": round(shape["rows"] * shape["context"] / median, 1), "loss": round(loss, 4),
                      "peak_resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


if __name__ == "__main__":
    main()
