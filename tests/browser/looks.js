/*
 * What tests of access measure inside the page. The text is put before the line that calls it.
 */

/** Every element of the studio that can be seen. */
function listShown(root) {
  return [...root.querySelectorAll('*')].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(one).visibility === 'visible';
  });
}

const nameOf = (one) =>
  `${one.tagName.toLowerCase()}.${one.className} "${(one.textContent || '').trim().slice(0, 40)}"`;
const hasText = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());

function listControls(root) {
  const selector = 'button, select, textarea, input, summary';
  return listShown(root).filter((one) => one.matches(selector) && !one.disabled && one.tabIndex >= 0);
}

/** What has the focus, in which part, and how thick its ring is; null outside the studio. */
function readFocus(root) {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  if (!one || !root.contains(one)) return null;
  const place = ['header', 'stage', 'panel', 'timeline'].find((name) => one.closest(`.${name}`)) ?? 'studio';
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  const own = outlineStyle === 'none' ? 0 : parseFloat(outlineWidth);
  const ring = one === root ? parseFloat(getComputedStyle(root, '::after').borderTopWidth) : own;
  return { place, ring, name: one.getAttribute('aria-label') || one.title || one.textContent };
}

/** "rgb(1 2 3 / 0.5)" or "color(srgb 0.1 0.2 0.3)" as [r, g, b, alpha], 0 to 255. */
function readColour(text) {
  const [r, g, b, alpha = 1] = text.match(/[\d.]+/g).map(Number);
  return text.startsWith('color(') ? [r * 255, g * 255, b * 255, alpha] : [r, g, b, alpha];
}

const layOver = ([r, g, b, alpha], below) => [r, g, b].map((part, i) => alpha * part + (1 - alpha) * below[i]);

function luminance(rgb) {
  const linear = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return linear[0] * 0.2126 + linear[1] * 0.7152 + linear[2] * 0.0722;
}

/** Texts whose contrast with what their own ancestors paint behind them is below a ratio. */
function listPale(root, least) {
  const poor = [];
  for (const one of listShown(root)) {
    if (!hasText(one) || one.closest(':disabled')) continue;
    const way = [];
    for (let up = one; up; up = up === root ? null : up.parentElement) way.unshift(up);
    const ground = way.reduce(
      (below, up) => layOver(readColour(getComputedStyle(up).backgroundColor), below),
      [11, 14, 17],
    );
    const opacity = way.reduce((product, up) => product * Number(getComputedStyle(up).opacity), 1);
    const ink = layOver(readColour(getComputedStyle(one).color), ground);
    const [high, low] = [luminance(layOver([...ink, opacity], ground)), luminance(ground)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < least) poor.push(`${ratio.toFixed(2)} ${nameOf(one)}`);
  }
  return poor;
}

/** What sticks out of window or panel, is cut without a title that says it whole, or is written too small. */
function listCut(root, leastPx) {
  const cut = [];
  const panel = root.querySelector('.panel');
  const panelRight = panel.getBoundingClientRect().right;
  if (panel.scrollWidth > panel.clientWidth)
    cut.push(`the panel scrolls sideways: ${panel.scrollWidth} > ${panel.clientWidth}`);
  for (const one of listShown(root)) {
    const box = one.getBoundingClientRect();
    if (box.right > innerWidth + 1 || box.left < -1) cut.push(`out of the window: ${nameOf(one)}`);
    if (panel.contains(one) && box.right > panelRight + 1) cut.push(`out of the panel: ${nameOf(one)}`);
    if (!hasText(one)) continue;
    const style = getComputedStyle(one);
    if (parseFloat(style.fontSize) < leastPx) cut.push(`small: ${style.fontSize} ${nameOf(one)}`);
    if (style.display === 'inline' || one.scrollWidth <= one.clientWidth + 1) continue;
    const isSaid = style.textOverflow === 'ellipsis' && one.closest('[title]');
    if (!isSaid) cut.push(`cut: ${one.scrollWidth} > ${one.clientWidth} ${nameOf(one)}`);
  }
  return cut;
}

/** Begins to note what moves by itself. */
function watchShifts() {
  window.studioShifts = [];
  const write = ({ x, y, width, height }) => [x, y, width, height].map(Math.round);
  const describe = ({ node, previousRect: was, currentRect: is }) =>
    `${node?.className ?? node?.nodeName}: ${write(was)} to ${write(is)}`;
  window.studioNote = (entries) => {
    for (const one of entries)
      if (!one.hadRecentInput) window.studioShifts.push({ value: one.value, moved: one.sources.map(describe) });
  };
  window.studioObserver = new PerformanceObserver((list) => window.studioNote(list.getEntries()));
  window.studioObserver.observe({ type: 'layout-shift' });
}

/** What moved since then, once two screen refreshes went by. */
async function listShifts() {
  await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  window.studioNote(window.studioObserver.takeRecords());
  return window.studioShifts;
}
