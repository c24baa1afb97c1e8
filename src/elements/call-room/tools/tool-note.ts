import { toolLayer, type ToolHost } from './tool-context.ts';

const SHOWN_MS = 4_000;

/** Says in a few words, for four seconds, what a tool has done. Announced politely. A newer note replaces it. */
export function showNote(host: ToolHost, text: string): void {
  const layer = toolLayer(host);
  layer.querySelector(':scope > .note')?.remove();
  const note = document.createElement('p');
  note.className = 'note';
  note.role = 'status';
  Object.assign(note.style, {
    position: 'absolute',
    inset: '16px 16px auto',
    width: 'fit-content',
    margin: '0 auto',
    padding: '8px 16px',
    borderRadius: '20px',
    background: 'rgb(10 18 24 / 88%)',
    color: '#fff',
    fontSize: '14px',
  });
  layer.append(note);
  // A live region announces what changes after it is in the page.
  requestAnimationFrame(() => (note.textContent = text));
  setTimeout(() => note.remove(), SHOWN_MS);
}
