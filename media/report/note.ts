/** One line at the edge of the page that says what was done; it goes after a while. */
const SHOWN_MS = 4000;

let note: HTMLElement | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

export function showNote(words: string): void {
  if (note === null) {
    note = document.createElement('div');
    note.className = 'report-note';
    note.setAttribute('role', 'status');
    document.body.append(note);
  }
  note.textContent = words;
  note.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => note?.setAttribute('hidden', ''), SHOWN_MS);
}
