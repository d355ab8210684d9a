/** What the studio's API answers, as the player reads it. Types only: nothing here runs. */

import type { Decision, Label, Rating } from '../labels/labels.js';
import type { Sight } from '../picture/sight.js';
import type { View } from '../picture/views.js';
import type { Rejection, Suggestion } from '../review/suggestions.js';
import type { Found } from '../similar/similar_items.js';
import type { Stretch } from './stretches.js';

/** What mount_player hands the page. */
export interface PlayerData {
  video_id: number;
  project_id: string;
  annotator_id: number;
  annotator: string;
  /** frame to open at; null goes on where this person left off */
  start_frame: number | null;
  /** where the API is, such as "/api" */
  api: string;
  /** of the player's files */
  version: string;
}

export interface GestureClass {
  class_id: number;
  name: string;
  short_name: string;
  group: string;
  /** '#rrggbb' of its group */
  colour: string;
  code: string;
  published_count: number;
  /** what it is, in a sentence */
  cue?: string;
  sight?: Sight;
}

export interface Taxonomy {
  classes: GestureClass[];
  groups: { name: string; colour: string }[];
}

export interface Video {
  video_id: number;
  name: string;
  kind: 'video' | 'poses' | 'labels';
  number: number | null;
  n_frames: number | null;
  fps_num: number | null;
  fps_den: number | null;
  /** of the upright source picture, pixels */
  width: number | null;
  height: number | null;
  subject_id: number | null;
  has_proxy: boolean;
  /** first frames of shots */
  shot_cuts: number[];
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Job {
  kind: string;
  state: JobState;
  progress_done: number;
  progress_total: number;
  error_code: string | null;
  error_text: string | null;
  /** how far it is, for people */
  words: string;
  /** no skeleton waits for it */
  is_aside: boolean;
}

export interface PoseInfo {
  /** frames from 0 whose keypoints are finished */
  n_ready: number;
  n_frames: number | null;
  complete: boolean;
  source: string | null;
  /** changes when the keypoints do */
  revision: number | string;
  step_px: number | null;
  person: [number, number, number, number] | null;
  /** in words, who is followed */
  followed: string;
}

/** GET /videos/{id} */
export interface Info {
  video: Video;
  most_revealing_view: View;
  modes: View[];
  poses: PoseInfo;
  jobs: Job[];
}

export type OverlapRule = 'allowed' | 'warned' | 'refused';
export type Progress = 'new' | 'in_progress' | 'done';

/** Steps that can be undone and redone, the next one last. */
export interface Steps {
  undo: string[];
  redo: string[];
  groups?: Record<string, string>;
  objects?: Record<string, string>;
}

/** GET /videos/{id}/state */
export interface State extends Steps {
  revision: number;
  ledger_seq: number;
  annotations: Label[];
  ratings: Rating[];
  watched: Stretch[];
  progress: Progress;
  others_withheld: boolean;
  overlap_rule: OverlapRule;
}

/** What is wrong with the project's database: nothing is saved until that is settled. */
export interface Damage {
  code: string;
  message: string;
  /** what to do */
  hint: string;
}

/** GET /videos/{id}/changes */
export interface Changes {
  revision: number;
  ledger_seq: number;
  annotations: Label[];
  deleted: string[];
  ratings: Rating[];
  watched: Stretch[];
  progress: Progress;
  reload?: boolean;
  damage: Damage | null;
}

/** GET /videos/{id}/similar */
export interface SimilarAnswer {
  this_video: Found[];
  /** of the other videos */
  project: Found[];
  n_not_scanned: number;
  n_videos: number;
}

/** What one span adds to the score. */
export interface CountedSpan {
  annotation_id?: string;
  suggestion_id?: number;
  class_id: number;
  start_frame: number;
  end_frame: number;
  is_on: boolean;
  logit: number;
}

/** What all spans of a class add to the score. */
export interface Contribution {
  class_id: number;
  logit: number;
  /** what it would add were it never seen */
  unseen: number;
  n: number;
}

/** GET /videos/{id}/emotion */
export interface EmotionScore {
  /** -1 to 1 */
  value: number;
  interval: [number, number];
  /** with no span left out */
  full: { value: number };
  contributions: Contribution[];
  spans: CountedSpan[];
  model: string;
  trained_on: string;
  note: string;
}

/** A real clip of a class. */
export interface Clip {
  video_id: number;
  name: string;
  start_frame: number;
  end_frame: number;
  fps: number;
  n_frames: number;
  annotator: string;
  is_own: boolean;
}

/** GET /codebook/{id} */
export interface CodebookPage {
  class_id: number;
  definition: string;
  /** where a span of it begins and ends */
  start: string;
  end: string;
  /** address of the acted loop */
  loop: string;
  confusions: { class_id: number; how: string }[];
  clips: Clip[];
  n_labels: number;
  sight: Record<View, string> & { note: string };
}

export interface Scan {
  scan_id: number;
  model: string;
  model_hash: string;
  trained_on: string;
  utc: string;
  n: number;
}

/** GET /videos/{id}/suggestions */
export interface Review {
  scan: Scan | null;
  threshold: number;
  suggestions: (Suggestion & Decision)[];
  rejected: (Rejection & Decision)[];
}
