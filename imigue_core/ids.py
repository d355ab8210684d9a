"""Types of the numbers and texts that name things, so that one thing's name is never taken for another's.

A value of these types is a plain int or str at run time. Where a number enters from
outside (a route, a file, the command line) it becomes one after it was checked.
"""

from __future__ import annotations

from typing import NewType

VideoId = NewType("VideoId", int)
AnnotatorId = NewType("AnnotatorId", int)
ScanId = NewType("ScanId", int)
SuggestionId = NewType("SuggestionId", int)
JobId = NewType("JobId", int)
ClassId = NewType("ClassId", int)
"""A gesture class of the class list: 1-31 or 99 in the paper's, never a model's index."""
LabelNumber = NewType("LabelNumber", int)
"""``label_id``: a clip's number, from 1, unique per video and annotator, never given twice."""
LedgerSeq = NewType("LedgerSeq", int)

AnnotationId = NewType("AnnotationId", str)
"""A uuid."""
EditId = NewType("EditId", str)
"""A uuid; the same edit sent twice has the same one."""
ClientId = NewType("ClientId", str)
"""A uuid of one load of a page: the sender of edits."""
GroupId = NewType("GroupId", str)
"""A uuid that edits share which are taken or refused together."""
ProjectId = NewType("ProjectId", str)
"""A uuid of a data folder."""
ObjectId = NewType("ObjectId", str)
"""What an edit is about: ``annotation_id``, or an id with a prefix: db/ledger.py."""
