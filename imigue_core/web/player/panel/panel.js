/**
 * The right side: the suggestion, the current label, the class keys, the emotion rating and
 * score, the state of the skeleton, refused edits. It shows; changes go through the player.
 */

import { durationOf, formatCount } from '../core/clock.js';
import { button, fill, findFocused, h, setUnlessFocused } from '../core/dom.js';
import { describeJob, progressOf } from '../core/notices.js';
import { SuggestionCard } from '../review/suggestion_card.js';
import { makeCertaintyField, readCertainty, showCertainty } from './certainty.js';
import { ClassKeysCard } from './class_keys_card.js';
import { EmotionCard } from './emotion_card.js';
import { LabelTools } from './label_tools.js';
import { RatingCard } from './rating_card.js';
import { RefusalCards } from './refusals.js';
import { SelectionCard } from './selection_card.js';

export class Panel {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    this.labelCount = h('span', { class: 'dim' });
    this.labelHead = h('div', { class: 'label-head' });
    this.labelBody = this.#makeLabelBody();
    this.tools = new LabelTools(player);
    this.selection = new SelectionCard(player);
    this.rating = new RatingCard(player);
    this.jobs = h('div', { class: 'stack' });
    this.suggestion = new SuggestionCard(player);
    this.score = new EmotionCard(player);
    this.labelSection = section(
      'Label',
      this.labelCount,
      h('div', { class: 'card' }, this.selection.node, this.labelHead, this.labelBody, this.tools.node),
    );
    this.classKeys = new ClassKeysCard(player);
    this.classSection = section('Class keys', h('span', { class: 'dim', text: '↵ for all 32' }), this.classKeys.node);
    this.refusals = new RefusalCards(player);
    this.refusalSection = section('Refused', null, this.refusals.node);
    this.node = h(
      'aside',
      { class: 'panel', 'aria-label': 'Suggestion, label, emotion, skeleton' },
      this.refusalSection,
      this.suggestion.node,
      this.classSection,
      this.labelSection,
      section(
        'Emotion of the video',
        this.rating.state,
        h('div', { class: 'card stack' }, this.rating.node, this.score.node),
      ),
      player.coverage.node,
      section('Skeleton', null, h('div', { class: 'card' }, this.jobs)),
    );
    this.jobsKey = '';
    this.labelKey = '';
    /** @type {string|null} label that the field in use belongs to */
    this.editedId = null;
  }

  /** Puts the focus on the first control. */
  focus() {
    const controls = /** @type {NodeListOf<HTMLElement>} */ (this.node.querySelectorAll('button, select, textarea'));
    [...controls].find((one) => one.offsetParent !== null)?.focus();
  }

  dispose() {
    this.rating.dispose();
    this.score.dispose();
  }

  /** Told of settled edits. */
  settled() {
    this.score.update();
  }

  update() {
    this.suggestion.update();
    this.labelSection.hidden = this.player.review.context !== null;
    this.classSection.hidden = this.player.review.context === 'suggestion'; // whose keys these are then
    this.classKeys.update();
    this.score.update();
    this.#updateLabel();
    this.rating.update();
    this.player.coverage.update();
    this.player.codebook.update();
    this.#updateJobs();
    this.refusalSection.hidden = !this.refusals.update();
  }

  #makeLabelBody() {
    const { player } = this;
    const action = (text, key, name, title) => button({ text, key, title, onClick: () => player.act(name) });
    this.note = /** @type {HTMLTextAreaElement} */ (
      h('textarea', {
        rows: 1,
        placeholder: 'Note',
        title: 'F2 writes a note',
        'aria-label': 'Note on this label',
        'aria-keyshortcuts': 'F2',
        maxlength: 4000,
      })
    );
    onCommit(this.note, () => player.desk.annotate(this.editedId, { note: this.note.value }));
    this.confidence = this.#makeConfidence();
    this.discuss = button({
      text: 'unclear, discuss',
      key: '⇧D',
      pressed: false,
      title: 'Mark this label “unclear, discuss”',
      onClick: () => player.act('toggleUnclear'),
    });
    for (const field of [this.note, this.confidence]) this.#tieToLabel(field);
    return h(
      'div',
      { class: 'stack tight' },
      h(
        'div',
        { class: 'row' },
        action('class', 'R', 'relabel', 'Change the class'),
        action('delete', '⌫', 'deleteLabel', 'Delete the label'),
        action('start', '[', 'setStart', 'The label starts at the play head'),
        action('end', ']', 'setEnd', 'The label ends at the play head'),
      ),
      h('div', { class: 'row' }, this.confidence, this.discuss),
      this.note,
    );
  }

  #makeConfidence() {
    const { player } = this;
    return makeCertaintyField(
      { 'aria-label': 'How sure you are', title: 'Shift C steps it', 'aria-keyshortcuts': 'Shift+C' },
      {
        onChoose: (value) =>
          player.desk.annotate(this.editedId ?? player.desk.currentId, { confidence: readCertainty(value) }),
        leave: () => player.focus(),
      },
    );
  }

  /**
   * A field belongs to the label it was entered for: a click on another label selects that one before the field is
   * left.
   */
  #tieToLabel(field) {
    field.addEventListener('focus', () => {
      this.editedId = this.player.desk.currentId;
    });
    field.addEventListener('blur', () => {
      this.editedId = null;
      this.labelKey = ''; // what was not shown in the field while it was written in
      this.player.refresh({ timeline: false });
    });
  }

  #updateLabel() {
    const { player } = this;
    const label = player.desk.current;
    const isOneOfMany = this.selection.update();
    const key = `${isOneOfMany} ${player.labels.changeCount} ${label?.annotation_id} ${label?.version} ${label?.label_id} ${player.times !== null}`;
    if (key === this.labelKey) return;
    this.labelKey = key;
    const own = player.desk.ownLabels();
    const at = label ? own.findIndex((one) => one.annotation_id === label.annotation_id) : -1;
    this.labelCount.textContent =
      at >= 0 ? `${formatCount(at + 1)} of ${formatCount(own.length)}` : `${formatCount(own.length)} of yours`;
    const isOwn = Boolean(label && player.labels.isOwn(label));
    this.labelBody.hidden = !isOwn || isOneOfMany;
    this.tools.show(label && !isOneOfMany ? isOwn : null);
    if (!label) {
      fill(
        this.labelHead,
        !isOneOfMany &&
          h('p', {
            class: 'dim',
            text: 'Nothing selected. A class key opens a span at the play head, pressed again it closes it; I and O mark a span that a class key labels. Tab walks through your labels.',
          }),
      );
      return;
    }
    const { name, colour, group, code } = player.classOf(label.class_id);
    const length = label.end_frame - label.start_frame + 1;
    const seconds = durationOf(player.times, player.fps, label.start_frame, label.end_frame).toFixed(2);
    const swatch = h('span', { class: 'swatch' });
    swatch.style.setProperty('--group', colour);
    fill(
      this.labelHead,
      h('div', { class: 'label-name' }, swatch, h('strong', { text: name })),
      h('div', {
        class: 'dim',
        text: `${group} · ${code}${label.label_id ? ` · clip ${label.label_id}` : ''}${isOwn ? '' : ` · by ${label.annotator}, read only`}`,
      }),
      h('div', {
        class: 'numbers',
        text: `${formatCount(label.start_frame)} – ${formatCount(label.end_frame)} · ${formatCount(length)} ${length === 1 ? 'frame' : 'frames'} · ${seconds} s`,
      }),
    );
    setUnlessFocused(this.note, label.note ?? '');
    if (findFocused(this.confidence) !== this.confidence) showCertainty(this.confidence, label.confidence);
    this.discuss.setAttribute('aria-pressed', String(Boolean(label.mark)));
  }

  #updateJobs() {
    const { jobs, poseInfo, video } = this.player;
    const key = JSON.stringify([jobs, poseInfo, video.has_proxy, this.player.picture.isChoosingPerson]);
    if (key === this.jobsKey) return;
    this.jobsKey = key;
    const isDone = poseInfo.complete;
    const state = isDone
      ? 'Complete.'
      : poseInfo.n_ready
        ? `To frame ${formatCount(poseInfo.n_ready - 1)} of ${formatCount(video.n_frames ?? 0)}.`
        : 'None yet.';
    const shown = jobs.filter((job) => job.kind !== 'scan' && ['queued', 'running', 'failed'].includes(job.state));
    fill(
      this.jobs,
      h(
        'div',
        {},
        h('span', { text: state }),
        poseInfo.source ? h('span', { class: 'dim', text: ` ${poseInfo.source}` }) : '',
      ),
      poseInfo.followed && h('div', { class: 'dim', text: poseInfo.followed }),
      ...shown.map((job) =>
        h(
          'div',
          { class: 'stack tight' },
          h('div', { class: 'dim', text: describeJob(job) }),
          job.state === 'running' && h('progress', { max: 1, value: progressOf(job), 'aria-label': describeJob(job) }),
        ),
      ),
      video.has_proxy && this.#personButtons(),
    );
  }

  #personButtons() {
    const { player } = this;
    if (player.picture.isChoosingPerson)
      return h('div', { class: 'row' }, button({ text: 'cancel', key: 'Esc', onClick: () => player.act('escape') }));
    return h(
      'div',
      { class: 'row' },
      button({
        text: 'Follow another person',
        title: 'Drag a box around the person in the picture; the skeleton is made again',
        onClick: () => player.picture.choosePerson(),
      }),
      player.poseInfo.person &&
        button({
          text: 'automatic',
          title: 'Follow the most prominent person again',
          onClick: () => player.picture.followPerson(null),
        }),
    );
  }
}

function section(title, aside, ...children) {
  return h(
    'section',
    { class: 'section' },
    h('div', { class: 'section-head' }, h('h2', { text: title }), aside),
    ...children,
  );
}

/** A text is taken when it is left or Enter is pressed; Escape leaves it too. */
function onCommit(node, commit) {
  node.addEventListener('change', commit);
  node.addEventListener('keydown', (event) => {
    if ((event.key === 'Enter' && !event.shiftKey && !event.isComposing) || event.key === 'Escape') node.blur();
  });
}
