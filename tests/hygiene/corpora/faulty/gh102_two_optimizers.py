# expect: GH102
# Fault: only the encoder's optimizer clears; the decoder's gradients pile up.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    images = torch.rand(24, 6)
    encoder = nn.Linear(6, 2)
    decoder = nn.Linear(2, 6)
    encoder_optimizer = torch.optim.SGD(encoder.parameters(), lr=0.05)
    decoder_optimizer = torch.optim.SGD(decoder.parameters(), lr=0.05)
    for _ in range(8):  # <- fault
        encoder_optimizer.zero_grad()  # <- fault
        loss = nn.functional.mse_loss(decoder(encoder(images)), images)
        loss.backward()  # <- fault
        encoder_optimizer.step()
        decoder_optimizer.step()  # <- fault
