/** What the timeline shows and what it asks for. Types only: nothing here runs. */

import type { ClassList } from '../core/classes.js';
import type { Coverage } from '../core/coverage.js';
import type { VideoClock } from '../core/video_clock.js';
import type { Ids, VideoInfo } from '../core/video_info.js';
import type { Labels } from '../labels/labels.js';
import type { OpenSpans } from '../labels/open_spans.js';
import type { Picked } from '../labels/picked.js';
import type { Findings } from '../review/findings.js';
import type { View } from './geometry.js';
import type { TimelineChoices } from './timeline_choices.js';
import type { Peak, Traces } from './traces.js';
import type { Layout } from './tracks.js';

/** The parts whose state is shown. Drawings read them while they are watched, and so follow every change. */
export interface TimelineModel {
  ids: Ids;
  /** Only what lies over the rest may read its position: the rest is not drawn with every frame. */
  clock: VideoClock;
  info: VideoInfo;
  labels: Labels;
  findings: Findings;
  picked: Picked;
  /** begun and not closed */
  spans: OpenSpans;
  coverage: Pick<Coverage, 'watched'>;
  traces: Traces;
  choices: TimelineChoices;
  classes: ClassList;
}

/** What a drawing is given; lengths in drawing pixels. */
export interface Scene {
  model: TimelineModel;
  view: View;
  /** width that the visible frames have */
  plot: number;
  /** of the canvas */
  width: number;
  height: number;
}

export interface RowsScene extends Scene {
  /** asked for only where it is drawn: it changes with every label */
  layout: () => Layout;
  /** how far down */
  scrolled: number;
  /** labels that are being dragged: they are drawn over the rows */
  moving: ReadonlySet<string>;
}

/** Where a drag would bring a label. */
export interface Move {
  id: string;
  start_frame: number;
  end_frame: number;
}

/** What a drag would do. */
export interface Preview {
  moves: Move[];
  /** the boundary that was met */
  snapped: number | null;
  /** frames of a rubber band */
  band: [number, number] | null;
}

/** What the timeline asks for; it changes no label and moves no play head itself. */
export interface TimelineHands {
  seek(frame: number): void;
  /** null: nothing, as scrubbing does */
  select(id: string | null, how?: 'only' | 'toggle' | 'extend' | 'keep'): void;
  act(action: string, value?: number | Peak): void;
  /** the rubber band was let go over these frames */
  band(first: number, last: number): void;
  suggestion(id: number, isGhost: boolean): void;
  move(id: string, start: number, end: number): void;
  moveBoth(moves: Move[]): void;
  /** a drag begins and ends */
  hold(): void;
  letGo(): void;
}
