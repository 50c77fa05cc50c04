"""Pictures/s of a training step in PyTorch, eager: a small CNN, VGG16 (whole, or with ten frozen convolutions), ResNet-18, a DCGAN; or of
five epochs of VGG16's dense layers over frozen convolutions.

    pip install torch==2.10.0 transformers==5.23.0
    python vision_step.py --shape vision-vgg --precision float32 --seconds 30

Prints one JSON line. Pictures are bytes in memory that a DataLoader with a worker of its own turns into normalised batches, as the other side
reads them from a mapped file; clipping, AdamW and a cosine schedule are on. bfloat16 is autocast, with weights in float32.
"""

import argparse
import json
import math
import resource
import time

import torch
from torch import nn
from torch.nn import functional as F

SHAPES = {  # side, channels, rows of a batch, pictures
    "vision-cnn": (28, 1, 64, 4000),
    "vision-vgg": (32, 3, 32, 4000),
    "vision-vgg-frozen": (32, 3, 32, 4000),
    "vision-resnet": (64, 3, 32, 4000),
    "vision-dcgan": (32, 3, 64, 4000),
    "vision-precompute": (32, 3, 32, 640),
}
EPOCHS = 5  # of vision-precompute
LATENT = 100


def cnn():
    layers, into = [], 1
    for _ in range(3):
        layers += [nn.Conv2d(into, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(4, 4, ceil_mode=True)]
        into = 32
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(32, 10))


class Vgg(nn.Module):
    """VGG16 whose first convolutions are frozen; where all are, nothing of them is recorded for a backward pass."""

    def __init__(self, frozen):
        super().__init__()
        layers, into, number = [], 3, 0
        for width, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
            for _ in range(times):
                conv = nn.Conv2d(into, width, 3, padding=1)
                if number < frozen:
                    conv.requires_grad_(False)
                layers += [conv, nn.ReLU()]
                into, number = width, number + 1
            layers.append(nn.MaxPool2d(2, 2))
        self.features = nn.Sequential(*layers)
        self.whole = frozen < number
        self.classifier = nn.Sequential(
            nn.AdaptiveAvgPool2d(7), nn.Flatten(), nn.Linear(512 * 49, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(),
            nn.Dropout(), nn.Linear(4096, 10))

    def forward(self, x):
        with torch.set_grad_enabled(self.whole):
            maps = self.features(x)
        return self.classifier(maps)


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


def critic():
    layers, into = [], 3
    for width in (64, 128, 256):
        layers += [nn.Conv2d(into, width, 3, stride=2, padding=1), nn.ReLU()]
        into = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(256 * 16, 1))


def generator():
    layers, into = [nn.ConvTranspose2d(LATENT, 256, 4, bias=False)], 256
    for out in (128, 64, 3):
        layers += [nn.BatchNorm2d(into), nn.ReLU(), nn.ConvTranspose2d(into, out, 4, stride=2, padding=1, bias=out == 3)]
        into = out
    return nn.Sequential(*layers, nn.Sigmoid())


MODELS = {
    "vision-cnn": cnn, "vision-vgg": lambda: Vgg(0), "vision-vgg-frozen": lambda: Vgg(10), "vision-resnet": resnet,
    "vision-precompute": lambda: Vgg(13)}


class Pictures(torch.utils.data.Dataset):
    def __init__(self, side, channels, count):
        self.pixels = torch.randint(0, 256, (count, channels, side, side), dtype=torch.uint8)
        self.labels = torch.randint(0, 10, (count,))

    def __len__(self):
        return len(self.pixels)

    def __getitems__(self, rows):
        return (self.pixels[rows].float() / 255 - 0.13) / 0.31, self.labels[rows]


class Mover:
    """Clips, steps and forgets the gradient of some parameters."""

    def __init__(self, model, rate, betas, fused):
        self.moved = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self.moved, lr=rate, betas=betas, weight_decay=0.01, fused=fused)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, lambda step: 0.5 * (1 + math.cos(math.pi * min(step, 10000) / 10000)))

    def move(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.moved, 1.0)
        self.optimizer.step()
        self.schedule.step()


def classifying(said, autocast):
    model = MODELS[said.shape]()
    if said.channels_last:
        model = model.to(memory_format=torch.channels_last)
    mover = Mover(model, 1e-4 if said.shape == "vision-precompute" else 1e-3, (0.9, 0.999), said.fused)

    def step(batches):
        x, y = next(batches)
        with autocast():
            loss = F.cross_entropy(model(x).float(), y)
        mover.move(loss)
        return len(y)

    return step


def playing(said, autocast):
    """The critic's turn, then the generator's, each on a batch of its own."""
    judge, drawer = critic(), generator()
    if said.channels_last:
        judge, drawer = judge.to(memory_format=torch.channels_last), drawer.to(memory_format=torch.channels_last)
    movers = [Mover(model, 2e-4, (0.5, 0.999), said.fused) for model in (judge, drawer)]

    def drawn(rows):
        return (drawer(torch.randn(rows, LATENT, 1, 1)).float() - 0.13) / 0.31

    def step(batches):
        x, _ = next(batches)
        with autocast():
            with torch.no_grad():
                fake = drawn(len(x))
            loss = F.softplus(-judge(x).float()).mean() + F.softplus(judge(fake).float()).mean()
        movers[0].move(loss)
        y, _ = next(batches)
        judge.requires_grad_(False)
        with autocast():
            loss = F.softplus(-judge(drawn(len(y))).float()).mean()
        movers[1].move(loss)
        judge.requires_grad_(True)
        return len(x) + len(y)

    return step


def endless(loader, channels_last):
    while True:
        for x, y in loader:
            yield x.contiguous(memory_format=torch.channels_last) if channels_last else x, y


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shape", choices=SHAPES, required=True)
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--fused", action="store_true", help="AdamW in one kernel")
    said = parser.parse_args()
    side, channels, rows, count = SHAPES[said.shape]
    torch.manual_seed(1)

    def autocast():
        return torch.autocast("cpu", torch.bfloat16, enabled=said.precision == "bfloat16")

    step = (playing if said.shape == "vision-dcgan" else classifying)(said, autocast)
    loader = torch.utils.data.DataLoader(
        Pictures(side, channels, count), batch_size=rows, shuffle=True, num_workers=1, drop_last=True, collate_fn=lambda batch: batch)
    batches = endless(loader, said.channels_last)
    whole = said.shape == "vision-precompute"
    times, seen, started = [], 0, time.perf_counter()
    while len(times) < 4 or (seen < EPOCHS * count if whole else time.perf_counter() - started < said.seconds):
        before = time.perf_counter()
        pictures = step(batches)
        seen += pictures
        times.append(time.perf_counter() - before)
    seconds = time.perf_counter() - started
    times = sorted(times[3:])
    print(json.dumps({
        "tokens_per_second": seen / seconds if whole else pictures / times[len(times) // 2],
        "steps": len(times) + 3,
        "resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }))


if __name__ == "__main__":
    main()
