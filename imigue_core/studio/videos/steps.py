"""The one table of steps: their order, what each needs and follows, how the queue treats it, its words for people.

Page, worker, browser and command line read it. How a step is done is for jobs/, how the steps
that begin and follow are queued for queueing.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from db.jobs import Job, QueueRules


class Step(StrEnum):
    """One kind of work of the worker; the values stand in the job table."""

    PROBE = "probe"
    PROXY = "proxy"
    POSES = "poses"
    IMPORT_POSES = "import_poses"
    SCAN = "scan"
    MASK = "mask"
    MEND = "mend"
    DEMO = "demo"


class Need(Enum):
    """What must be there before a step can be tried."""

    NOTHING = auto()
    MEDIA = auto()
    """The video's own file."""
    POSES = auto()
    """A whole pose track."""


class Start(Enum):
    """What a video must come with so that it starts with a step."""

    NOTHING = auto()
    """No video starts with it: it follows another step, or somebody asks for it."""
    FILE = auto()
    """Its own file, with or without poses."""
    FILE_ALONE = auto()
    """Its own file, and no poses."""
    POSES = auto()
    """Poses, with or without a file."""


@dataclass(frozen=True, slots=True)
class StepRule:
    """What is known of a step.

    Attributes:
        words: What the worker does, for people, as it stands after "waits: ".
        needs: What must be there.
        start: What a new video that starts with it came with.
        then: Steps that are queued once this one is whole; see queueing.py.
        makes_poses: Whether a pose track comes out of it.
        is_slow: Takes minutes: shorter steps go first and may interrupt it.
        is_aside: No other step waits for it in earnest: when it fails, the ones after it go on.
    """

    words: str
    needs: Need = Need.NOTHING
    start: Start = Start.NOTHING
    then: tuple[Step, ...] = ()
    makes_poses: bool = False
    is_slow: bool = False
    is_aside: bool = False

    @property
    def title(self) -> str:
        """The words as a sentence begins."""
        return self.words[0].upper() + self.words[1:]


_AFTER_POSES = (Step.SCAN, Step.MASK)
STEPS: dict[Step, StepRule] = {
    Step.PROBE: StepRule("reading the file", Need.MEDIA, Start.FILE),
    Step.PROXY: StepRule("making the browser's copy", Need.MEDIA, Start.FILE),
    Step.POSES: StepRule(
        "finding the skeleton", Need.MEDIA, Start.FILE_ALONE, _AFTER_POSES, makes_poses=True, is_slow=True
    ),
    Step.IMPORT_POSES: StepRule("reading the poses", Need.NOTHING, Start.POSES, _AFTER_POSES, makes_poses=True),
    Step.SCAN: StepRule("looking for gestures", Need.POSES, is_aside=True),
    Step.MASK: StepRule("masking the face", Need.POSES, is_aside=True),
    Step.MEND: StepRule("making lost files again", Need.POSES),
    Step.DEMO: StepRule("making the demo", is_slow=True),
}
"""In the order in which a video goes through them."""

MEDIA_STEPS = tuple(step for step, rule in STEPS.items() if rule.start is Start.FILE)
"""What every new file goes through first, whoever brings its poses."""
POSE_STEPS = tuple(step for step, rule in STEPS.items() if rule.makes_poses)
QUEUE_RULES = QueueRules(
    slow=tuple(step for step, rule in STEPS.items() if rule.is_slow),
    aside=tuple(step for step, rule in STEPS.items() if rule.is_aside),
)


def list_first_steps(*, has_file: bool, has_poses: bool) -> list[Step]:
    """The steps that a video starts with, in their order.

    Args:
        has_file: Whether it came with a file of its own.
        has_poses: Whether it came with poses.
    """
    starts = {Start.FILE: has_file, Start.FILE_ALONE: has_file and not has_poses, Start.POSES: has_poses}
    return [step for step, rule in STEPS.items() if starts.get(rule.start, False)]


def get_rule(job: Job) -> StepRule:
    """The rule of a job's step."""
    return STEPS[Step(job.kind)]


def format_job(job: Job) -> str:
    """How a job stands, in words: ``Finding the skeleton: 1,250 of 22,300``, without a full stop of ours."""
    title = get_rule(job).title
    if job.state == "failed":
        return f"{title} failed: {job.error_text or job.error_code}"
    if job.state == "queued":
        return f"{title}: waiting"
    return f"{title}: {job.progress_done:,} of {job.progress_total:,}" if job.progress_total else title
