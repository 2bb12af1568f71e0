/** The search field of the toolbar. Typing marks the tasks found; Enter goes to the next one. */
import { useEffect, useRef } from 'preact/hooks';
import { Tool } from './tool.tsx';
import { focusPicture } from './picture.tsx';
import { sendToWorker } from './panel-link.ts';
import { searchResult, searchOpen } from './state.ts';

export function Search() {
  const input = useRef<HTMLInputElement>(null);
  const open = searchOpen.value;
  useEffect(() => {
    if (open) input.current?.focus();
  }, [open]);
  if (!open) return <Tool icon="search" title="Search tasks (/)" onClick={() => (searchOpen.value = true)} />;
  const text = input.current?.value ?? '';
  const search = (step: 0 | 1 | -1) =>
    sendToWorker({ type: 'search', text: input.current?.value ?? '', step });
  const close = () => {
    sendToWorker({ type: 'search', text: '', step: 0 });
    searchOpen.value = false;
    focusPicture();
  };
  const { count, index } = searchResult.value;
  const position = index >= 0 ? `${index + 1} of ${count}` : `${count}`;
  return (
    <span class="search">
      <input
        ref={input}
        type="text"
        placeholder="Search tasks"
        aria-label="Search tasks"
        onInput={() => search(0)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') search(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') close();
          else return;
          event.preventDefault();
        }}
      />
      <span class="count" aria-live="polite">
        {text === '' ? '' : count === 0 ? 'none' : position}
      </span>
      <Tool icon="close" title="Close search (Esc)" onClick={close} />
    </span>
  );
}
