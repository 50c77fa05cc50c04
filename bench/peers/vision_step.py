"""Pictures/s of a training step in PyTorch, eager: a small CNN, VGG16 (whole, or with ten frozen convolutions), ResNet-18.

    pip install torch==2.10.0 transformers==5.23.0
    python vision_step.py --shape vision-vgg --precision float32 --seconds 30

Prints one JSON line. Pictures are bytes in memory that a DataLoader with a worker of its own turns into normalised batches, as the other side
reads them from a mapped file; clipping, AdamW and a cosine schedule are on.
"""

import argparse
import json
import math
import resource
import time

import torch
from torch import nn
from torch.nn import functional as F

SHAPES = {  # side, channels, rows
    "vision-cnn": (28, 1, 64),
    "vision-vgg": (32, 3, 32),
    "vision-vgg-frozen": (32, 3, 32),
    "vision-resnet": (64, 3, 32),
}


def cnn():
    layers, into = [], 1
    for _ in range(3):
        layers += [nn.Conv2d(into, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(4, 4, ceil_mode=True)]
        into = 32
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(32, 10))


def vgg(frozen):
    layers, into, number = [], 3, 0
    for width, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(times):
            conv = nn.Conv2d(into, width, 3, padding=1)
            if number < frozen:
                conv.requires_grad_(False)
            layers += [conv, nn.ReLU()]
            into, number = width, number + 1
        layers.append(nn.MaxPool2d(2, 2))
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(7), nn.Flatten(), nn.Linear(512 * 49, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(),
        nn.Dropout(), nn.Linear(4096, 10))


def resnet():
    import transformers

    config = transformers.ResNetConfig(
        embedding_size=64, hidden_sizes=[64, 128, 256, 512], depths=[2, 2, 2, 2], layer_type="basic", num_labels=10)
    model = transformers.ResNetForImageClassification(config)

    class Logits(nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, x):
            return self.model(x).logits

    return Logits()


class Pictures(torch.utils.data.Dataset):
    def __init__(self, side, channels):
        self.pixels = torch.randint(0, 256, (4000, channels, side, side), dtype=torch.uint8)
        self.labels = torch.randint(0, 10, (4000,))

    def __len__(self):
        return len(self.pixels)

    def __getitems__(self, rows):
        return (self.pixels[rows].float() / 255 - 0.13) / 0.31, self.labels[rows]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shape", choices=SHAPES, required=True)
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--channels-last", action="store_true")
    said = parser.parse_args()
    side, channels, rows = SHAPES[said.shape]
    torch.manual_seed(1)
    model = {"vision-cnn": cnn, "vision-vgg": lambda: vgg(0), "vision-vgg-frozen": lambda: vgg(10), "vision-resnet": resnet}[said.shape]()
    if said.channels_last:
        model = model.to(memory_format=torch.channels_last)
    moved = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(moved, lr=1e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.5 * (1 + math.cos(math.pi * min(step, 10000) / 10000)))
    data = Pictures(side, channels)
    loader = torch.utils.data.DataLoader(data, batch_size=rows, shuffle=True, num_workers=1, drop_last=True, collate_fn=lambda batch: batch)
    times, started = [], time.perf_counter()
    while time.perf_counter() - started < said.seconds:
        for x, y in loader:
            before = time.perf_counter()
            if said.channels_last:
                x = x.contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16, enabled=said.precision == "bfloat16"):
                loss = F.cross_entropy(model(x).float(), y)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(moved, 1.0)
            optimizer.step()
            schedule.step()
            times.append(time.perf_counter() - before)
            if time.perf_counter() - started > said.seconds:
                break
    times = sorted(times[3:])
    print(json.dumps({
        "tokens_per_second": rows / times[len(times) // 2],
        "steps": len(times),
        "resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }))


if __name__ == "__main__":
    main()
