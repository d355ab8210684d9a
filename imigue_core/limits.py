"""How large may be what comes from outside: the one table of limits that every reader of files keeps to.

A limit is judged before memory is reserved or a byte is unpacked. What a reader does about a file that is too
large is in the reader; the limits of videos, edits and texts are in settings.py.
"""

from __future__ import annotations

from dataclasses import dataclass

KILO, MEGA, GIGA = 1024, 1024**2, 1024**3


@dataclass(frozen=True, slots=True)
class Limit:
    """The most of something.

    Attributes:
        most: How many at most.
        what: Of what, in words for people; begins with the unit.
        reason: Why that many, one sentence.
    """

    most: int
    what: str
    reason: str


POSE_FRAMES = Limit(
    400_000, "frames of poses that are brought along", "Four hours at 25 frames a second; a scan of them still ends."
)
POSE_FILE = Limit(GIGA, "bytes of an npz or npy file", "The largest array of poses, not packed at all.")
POSE_ARRAY = Limit(2 * GIGA, "bytes of arrays once unpacked", "All frames in double precision fit.")
ARRAYS = Limit(32, "arrays in an npz file", "Poses are two arrays; others beside them are never read.")
ARRAY_HEADER = Limit(10_000, "bytes of an array's header", "Of numbers it has less than 200; numpy's own limit.")
TABLE_FILE = Limit(512 * MEGA, "bytes of a table of poses", "Two hours of poses as text.")
TABLE_LINE = Limit(64 * KILO, "bytes of a line in a table of poses", "411 numbers of 150 characters fit.")
ARCHIVE_DIRECTORY = Limit(MEGA, "bytes of an archive's list of parts", "It is in memory before anything is judged.")
WORKBOOK_PARTS = Limit(2000, "parts of a workbook", "A workbook of poses has about ten.")
WORKBOOK_BYTES = Limit(2 * GIGA, "bytes of a workbook once unpacked", "Twice two hours of poses.")
WORKBOOK_RATIO = Limit(200, "times its size that a workbook unpacks to", "Sheets of numbers reach about 30.")
WORKBOOK_INDEX = Limit(16 * MEGA, "bytes of a workbook's lists of sheets and parts", "Real ones have some thousand.")
XML_QUIET = Limit(MEGA, "bytes of a workbook's part without a row or an element", "A row of poses has about 15,000.")
XML_STRANGE = Limit(10_000, "elements among a sheet's rows that are no cells", "A sheet of numbers has none.")
SHARED_STRINGS = Limit(1_000_000, "shared texts of a workbook", "Numbers are rarely texts; then these take 100 MB.")
CELL_CHARS = Limit(64, "characters of a number in a workbook", "Exact numbers have 24.")
OPENPOSE_FILE = Limit(4 * MEGA, "bytes of one frame's JSON", "Some hundred people in the picture.")
PEOPLE = Limit(200, "people in one frame", "OpenPose finds far fewer; each takes time to look at.")
LABEL_FILE = Limit(64 * MEGA, "bytes of a file of labels", "About 500,000 labels.")
LABEL_ROWS = Limit(1_000_000, "rows of a file of labels", "What the rows take in memory, not only on the disk.")
BAD_ROWS = Limit(10_000, "refused rows that are listed", "Reading stops there: it is another kind of file.")
RECORD_CHARS = Limit(MEGA, "characters of one row of a table of labels", "Its longest field eight times over.")
FIELD_CHARS = Limit(131_072, "characters of a field of a table", "Notes have 4,000; an open quote ends here.")
JSON_VALUES = Limit(4_000_000, "values in a JSON file", "They take twenty times their text in memory.")
JSON_LISTS = Limit(1_000_000, "lists and objects in a JSON file", "One a label; they take forty times their text.")
CARD_FILE = Limit(MEGA, "bytes of a model's card", "Real ones have some thousand.")
WEIGHTS_FILE = Limit(256 * MEGA, "bytes of a model's weights", "Sixty times those of the bundled models.")
WEIGHTS_HEADER = Limit(MEGA, "bytes of the header of weights", "A hundred for each tensor.")
TENSORS = Limit(2000, "tensors in a file of weights", "The networks here have less than a hundred.")
MODEL_SIZE = Limit(8192, "of any size of a network that a card names", "The widest network here has 160 channels.")

LIMITS: tuple[Limit, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Limit))
