"""The dense network: sizes, chunks, and that nothing is normalised over time."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from imigue_core.errors import InputError
from imigue_core.models.features.table import N_FEATURES
from imigue_core.models.networks.dense_tcn import STRIDE, DenseTcn, DenseTcnConfig
from imigue_core.models.registry import get_model_spec
from imigue_core.models.runtime import choose_device, run_embedding, run_network
from imigue_core.models.tasks import N_GROUPS, N_LOGITS

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def network() -> DenseTcn:
    """Random weights in which every layer matters."""
    torch.manual_seed(5)
    made = DenseTcn(DenseTcnConfig(N_FEATURES))
    with torch.no_grad():
        for value in made.parameters():
            value.mul_(1.5).add_(0.02 * torch.randn_like(value))
    return made.eval()


@pytest.fixture(scope="module")
def features() -> np.ndarray:
    rng = np.random.default_rng(9)
    table = rng.normal(size=(2901, N_FEATURES)).astype(np.float32)
    table[rng.random(table.shape) < 0.1] = np.nan
    return table


@pytest.mark.parametrize("chunk", [256, 1000, 2048])
def test_chunks_give_what_the_whole_gives(network: DenseTcn, features: np.ndarray, chunk: int) -> None:
    whole = run_network(network, features, chunk_samples=None)
    parts = run_network(network, features, chunk_samples=chunk)
    assert whole.logits.shape == (-(-len(features) // STRIDE), N_LOGITS)
    assert whole.boundaries.shape == (len(whole.logits), N_GROUPS, 4)
    assert np.abs(whole.logits - parts.logits).max() < 1e-5
    assert np.abs(whole.boundaries - parts.boundaries).max() < 1e-5


def test_an_embedding_is_what_a_scan_sees_without_its_boundaries(network: DenseTcn, features: np.ndarray) -> None:
    scan, embedding = run_network(network, features), run_embedding(network, features)
    assert np.array_equal(scan.logits, embedding.logits)
    assert np.array_equal(scan.hidden, embedding.hidden)
    assert scan.token_samples == STRIDE


def test_what_lies_beyond_the_halo_changes_nothing_and_what_lies_within_does(
    network: DenseTcn, features: np.ndarray
) -> None:
    token = 300
    first, last = token * STRIDE, token * STRIDE + STRIDE
    halo = network.halo()
    outside, inside = features.copy(), features.copy()
    outside[: first - halo] = 1
    outside[last + halo :] = 1
    inside[first - halo + 16 : first - halo + 32] = 3
    before = run_network(network, features, chunk_samples=None).logits[token]
    assert np.array_equal(run_network(network, outside, chunk_samples=None).logits[token], before)
    assert not np.array_equal(run_network(network, inside, chunk_samples=None).logits[token], before)


def test_it_sees_at_least_six_seconds_to_each_side_and_stays_small(network: DenseTcn) -> None:
    assert network.halo() / 25 >= 6
    n_parameters = sum(p.numel() for p in network.parameters())
    assert n_parameters <= 1_500_000


def test_a_shot_of_one_sample_has_one_token(network: DenseTcn, features: np.ndarray) -> None:
    answer = run_network(network, features[:1])
    assert answer.logits.shape == (1, N_LOGITS)
    assert np.isfinite(answer.logits).all()


def test_progress_ends_at_all_samples(network: DenseTcn, features: np.ndarray) -> None:
    told: list[tuple[int, int]] = []
    run_network(network, features, chunk_samples=1024, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(1024, 2901), (2048, 2901), (2901, 2901)]


def test_unknown_networks_and_devices_are_refused() -> None:
    with pytest.raises(InputError, match="MODEL_CARD"):
        get_model_spec("dense_gcn")
    with pytest.raises(InputError, match="DEVICE"):
        choose_device("tpu")
    assert choose_device("cpu").type == "cpu"


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has CUDA")
def test_cuda_is_refused_where_there_is_none() -> None:
    with pytest.raises(InputError, match="DEVICE"):
        choose_device("cuda")
    assert choose_device("auto").type == "cpu"
