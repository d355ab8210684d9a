/**
 * The right side: the suggestion, the current label, the class keys, the emotion rating and
 * score, the state of the skeleton, refused edits. It shows; changes go through the player.
 */

import { durationOf, formatCount } from './clock.js';
import { button, fill, h } from './dom.js';
import { EmotionCard } from './emotion_card.js';
import { describeJob, progressOf } from './notices.js';
import { listKeyClasses } from './palette.js';
import { SuggestionCard } from './suggestion_card.js';

const EMOTIONS = ['positive', 'negative', 'unsure'];
const CONFIDENCES = [['', 'not set'], ['0.25', '25 %'], ['0.5', '50 %'], ['0.75', '75 %'], ['1', '100 %']];

export class Panel {
  /** @param {import('./player.js').Player} player */
  constructor(player) {
    this.player = player;
    this.labelCount = h('span', { class: 'dim' });
    this.labelHead = h('div', { class: 'label-head' });
    this.labelBody = this.#makeLabelBody();
    this.rated = h('span', { class: 'dim' });
    this.jobs = h('div', { class: 'stack' });
    this.suggestion = new SuggestionCard(player);
    this.score = new EmotionCard(player);
    this.labelSection = section('Label', this.labelCount, h('div', { class: 'card' }, this.labelHead, this.labelBody));
    this.classSection = section('Class keys', h('span', { class: 'dim', text: '↵ for all 32' }), this.#makeClassKeys());
    this.refusals = h('div', { class: 'stack' });
    this.refusalSection = section('Refused', null, this.refusals);
    this.node = h(
      'aside',
      { class: 'panel', 'aria-label': 'Suggestion, label, emotion, skeleton' },
      this.refusalSection,
      this.suggestion.node,
      this.labelSection,
      this.classSection,
      section('Emotion of the video', this.rated, this.#makeRating()),
      player.coverage.node,
      section('Skeleton', null, h('div', { class: 'card' }, this.jobs)),
    );
    this.jobsKey = '';
    this.labelKey = '';
    /** @type {string|null} label that the field in use belongs to */
    this.editedId = null;
    this.shownRefusals = '';
  }

  /** Puts the focus on the first control. */
  focus() {
    const controls = /** @type {NodeListOf<HTMLElement>} */ (this.node.querySelectorAll('button, select, textarea'));
    [...controls].find((one) => one.offsetParent !== null)?.focus();
  }

  dispose() {
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
    this.score.update();
    this.#updateLabel();
    this.#updateRating();
    this.player.coverage.update();
    this.#updateJobs();
    this.#updateRefusals();
  }

  #makeLabelBody() {
    const { player } = this;
    const action = (text, key, name, title) => button({ text, key, title, onClick: () => player.act(name) });
    this.note = /** @type {HTMLTextAreaElement} */ (h('textarea', { rows: 1, placeholder: 'Note', 'aria-label': 'Note on this label', maxlength: 4000 }));
    onCommit(this.note, () => player.desk.annotate(this.editedId, { note: this.note.value }));
    this.confidence = this.#makeConfidence();
    this.discuss = button({ text: 'discuss', pressed: false, title: 'Mark this label for discussion', onClick: () => player.desk.annotate(player.desk.currentId, { mark: player.desk.current?.mark ? '' : 'discuss' }) });
    for (const field of [this.note, this.confidence]) this.#tieToLabel(field);
    return h(
      'div',
      { class: 'stack tight' },
      h('div', { class: 'row' },
        action('class', 'R', 'relabel', 'Change the class'), action('delete', '⌫', 'deleteLabel', 'Delete the label'),
        action('start', '[', 'setStart', 'The label starts at the play head'), action('end', ']', 'setEnd', 'The label ends at the play head')),
      h('div', { class: 'row' }, action('loop', 'P', 'loopSpan', 'Play the label again and again'), this.confidence, this.discuss),
      this.note,
    );
  }

  /** A choice by mouse gives the keys back to the studio; with the keyboard, whose arrows choose, Enter or Escape does. */
  #makeConfidence() {
    const { player } = this;
    let isByKeys = false;
    const node = /** @type {HTMLSelectElement} */ (
      h('select', { 'aria-label': 'How sure you are' }, ...CONFIDENCES.map(([value, text]) => h('option', { value, text: value ? `${text} sure` : 'certainty' })))
    );
    node.addEventListener('pointerdown', () => (isByKeys = false));
    node.addEventListener('keydown', () => (isByKeys = true));
    node.addEventListener('keyup', ({ key }) => ['Enter', 'Escape'].includes(key) && player.focus());
    node.addEventListener('change', () => {
      player.desk.annotate(this.editedId ?? player.desk.currentId, { confidence: node.value ? Number(node.value) : null });
      if (!isByKeys) player.focus();
    });
    return node;
  }

  /** A field belongs to the label it was entered for: a click on another label selects that one before the field is left. */
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

  #makeClassKeys() {
    const { player } = this;
    this.classKeys = listKeyClasses(player.classes).map((one, i) => {
      const node = button({ text: one.short_name, key: player.classKeyNames[i], class: 'class-key', title: `${one.name} (${one.code}, ${one.group})`, onClick: () => player.act('labelByKey', i) });
      node.style.setProperty('--group', one.colour);
      return node;
    });
    return h('div', { class: 'class-keys' }, ...this.classKeys);
  }

  #makeRating() {
    const { player } = this;
    this.emotions = EMOTIONS.map((emotion) =>
      button({ text: emotion, pressed: false, class: 'button grow', onClick: () => player.desk.rate(emotion, this.ratingNote.value) }),
    );
    this.ratingNote = /** @type {HTMLTextAreaElement} */ (h('textarea', { rows: 1, placeholder: 'Why (note)', 'aria-label': 'Note on the emotion', maxlength: 4000 }));
    onCommit(this.ratingNote, () => {
      const { emotion, note } = player.labels.rating;
      if (emotion && note !== this.ratingNote.value) player.desk.rate(emotion, this.ratingNote.value);
    });
    return h('div', { class: 'card stack' }, h('div', { class: 'row', role: 'group', 'aria-label': 'Emotion of the video' }, ...this.emotions), this.ratingNote, this.score.node);
  }

  #updateLabel() {
    const { player } = this;
    const label = player.desk.current;
    const key = `${player.labels.changeCount} ${label?.annotation_id} ${label?.version} ${label?.label_id} ${player.times !== null}`;
    if (key === this.labelKey) return;
    this.labelKey = key;
    const own = player.desk.ownLabels();
    const at = label ? own.findIndex((one) => one.annotation_id === label.annotation_id) : -1;
    this.labelCount.textContent = at >= 0 ? `${formatCount(at + 1)} of ${formatCount(own.length)}` : `${formatCount(own.length)} of yours`;
    const isOwn = Boolean(label && player.labels.isOwn(label));
    this.labelBody.hidden = !isOwn;
    if (!label) {
      fill(this.labelHead, h('p', { class: 'dim', text: 'Nothing selected. I and O mark a span, a class key labels it; without marks a class key labels one second from here. Tab walks through your labels.' }));
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
      h('div', { class: 'dim', text: `${group} · ${code}${label.label_id ? ` · clip ${label.label_id}` : ''}${isOwn ? '' : ` · by ${label.annotator}, read only`}` }),
      h('div', { class: 'numbers', text: `${formatCount(label.start_frame)} – ${formatCount(label.end_frame)} · ${formatCount(length)} ${length === 1 ? 'frame' : 'frames'} · ${seconds} s` }),
    );
    setUnlessFocused(this.note, label.note ?? '');
    setUnlessFocused(this.confidence, label.confidence === null || label.confidence === undefined ? '' : String(label.confidence));
    this.discuss.setAttribute('aria-pressed', String(Boolean(label.mark)));
  }

  #updateRating() {
    const { rating } = this.player.labels;
    this.rated.textContent = rating.emotion ? `rated: ${rating.emotion}` : 'not rated';
    this.emotions.forEach((node, i) => node.setAttribute('aria-pressed', String(rating.emotion === EMOTIONS[i])));
    setUnlessFocused(this.ratingNote, rating.note ?? this.ratingNote.value);
  }

  #updateJobs() {
    const { jobs, poseInfo, video } = this.player;
    const key = JSON.stringify([jobs, poseInfo, video.has_proxy, this.player.picture.isChoosingPerson]);
    if (key === this.jobsKey) return;
    this.jobsKey = key;
    const isDone = poseInfo.complete;
    const state = isDone ? 'Complete.' : poseInfo.n_ready ? `To frame ${formatCount(poseInfo.n_ready - 1)} of ${formatCount(video.n_frames ?? 0)}.` : 'None yet.';
    const shown = jobs.filter((job) => job.kind !== 'scan' && ['queued', 'running', 'failed'].includes(job.state));
    fill(
      this.jobs,
      h('div', {}, h('span', { text: state }), poseInfo.source ? h('span', { class: 'dim', text: ` ${poseInfo.source}` }) : ''),
      poseInfo.followed && h('div', { class: 'dim', text: poseInfo.followed }),
      ...shown.map((job) => h('div', { class: 'stack tight' }, h('div', { class: 'dim', text: describeJob(job) }), job.state === 'running' && h('progress', { max: 1, value: progressOf(job), 'aria-label': describeJob(job) }))),
      video.has_proxy && this.#personButtons(),
    );
  }

  #personButtons() {
    const { player } = this;
    if (player.picture.isChoosingPerson) return h('div', { class: 'row' }, button({ text: 'cancel', key: 'Esc', onClick: () => player.act('escape') }));
    return h(
      'div',
      { class: 'row' },
      button({ text: 'Follow another person', title: 'Drag a box around the person in the picture; the skeleton is made again', onClick: () => player.picture.choosePerson() }),
      player.poseInfo.person && button({ text: 'automatic', title: 'Follow the most prominent person again', onClick: () => player.picture.followPerson(null) }),
    );
  }

  /** Two tabs changed one label: which version stands. */
  #makeChoice(edit, code, current) {
    if (code !== 'CONFLICT' || !current || current.deleted || !['move', 'relabel', 'annotate'].includes(edit.kind)) return null;
    const drop = () => this.player.desk.dismissRefusal(edit.edit_id);
    const keepMine = () => {
      this.player.desk.repeatEdit(edit);
      drop();
    };
    return h('div', { class: 'row' }, button({ text: 'keep mine', title: 'Make this change to the label as it is now', onClick: keepMine }), button({ text: 'keep theirs', title: 'Leave the label as it is now', onClick: drop }));
  }

  #updateRefusals() {
    const { refusals } = this.player.edits;
    this.refusalSection.hidden = !refusals.length;
    const key = refusals.map(({ edit }) => edit.edit_id).join();
    if (key === this.shownRefusals) return;
    this.shownRefusals = key;
    const cards = refusals.slice(-5).map(({ edit, code, message, current }) =>
      h(
        'div',
        { class: 'card refusal' },
        h('div', { text: message }),
        h('div', { class: 'dim', text: edit.kind ? `${code} · yours: ${describeEdit(edit, this.player)}` : code }),
        current && h('div', { class: 'dim', text: `now: ${describeEdit({ ...current, kind: '' }, this.player)}` }),
        this.#makeChoice(edit, code, current),
      ),
    );
    fill(this.refusals, ...cards, refusals.length > 0 && button({ text: 'dismiss', onClick: () => this.player.desk.dismissRefusals() }));
  }
}

/** What was typed, so that nothing refused is lost from sight. */
function describeEdit(edit, player) {
  const parts = edit.kind ? [edit.kind] : [];
  if (edit.class_id !== undefined) parts.push(player.classOf(edit.class_id).short_name);
  if (edit.start_frame !== undefined) parts.push(`${formatCount(edit.start_frame)}–${formatCount(edit.end_frame)}`);
  if (edit.emotion) parts.push(edit.emotion);
  if (edit.note) parts.push(`“${edit.note}”`);
  return parts.join(' ');
}

function section(title, aside, ...children) {
  return h('section', { class: 'section' }, h('div', { class: 'section-head' }, h('h2', { text: title }), aside), ...children);
}

/** A text is taken when it is left or Enter is pressed; Escape leaves it too. */
function onCommit(node, commit) {
  node.addEventListener('change', commit);
  node.addEventListener('keydown', (event) => {
    if ((event.key === 'Enter' && !event.shiftKey && !event.isComposing) || event.key === 'Escape') node.blur();
  });
}

function setUnlessFocused(node, value) {
  const isFocused = /** @type {Document|ShadowRoot} */ (node.getRootNode()).activeElement === node;
  if (!isFocused && node.value !== value) node.value = value;
}
