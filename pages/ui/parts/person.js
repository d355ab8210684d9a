/** Who labels now, and the way to hand the chair to somebody else. */

/**
 * Called by Streamlit with every run of the page.
 * @param {{parentElement: HTMLElement, data: {name: string}}} component
 */
export default function ({ parentElement, data }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector('.root'));
  const name = document.createElement('span');
  name.className = 'name';
  name.textContent = data.name;
  name.title = data.name;
  const dot = document.createElement('i');
  dot.className = 'dot';
  const leave = document.createElement('button');
  leave.type = 'button';
  leave.textContent = 'switch';
  leave.title = 'Label as somebody else';
  leave.addEventListener('click', async () => {
    leave.disabled = true;
    try {
      await fetch('/api/identity/leave', { method: 'POST' });
      location.reload();
    } catch {
      leave.disabled = false;
    }
  });
  root.replaceChildren(dot, name, leave);
}
