/** The search field of the toolbar: found tasks are marked as one types, Enter goes from one to the next. */
import { useEffect, useRef } from 'preact/hooks';
import { Tool } from './tool.tsx';
import { focusPicture } from './picture.tsx';
import { toWorker } from './panel-link.ts';
import { found, searchOpen } from './state.ts';

export function Search() {
  const input = useRef<HTMLInputElement>(null);
  const open = searchOpen.value;
  useEffect(() => {
    if (open) input.current?.focus();
  }, [open]);
  if (!open) return <Tool icon="search" title="Search tasks (/)" onClick={() => (searchOpen.value = true)} />;
  const look = (step: 0 | 1 | -1) => toWorker({ type: 'search', text: input.current?.value ?? '', step });
  const close = () => {
    toWorker({ type: 'search', text: '', step: 0 });
    searchOpen.value = false;
    focusPicture();
  };
  const { count, at } = found.value;
  return (
    <span class="search">
      <input
        ref={input}
        type="text"
        placeholder="Search tasks"
        aria-label="Search tasks"
        onInput={() => look(0)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') look(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') close();
          else return;
          event.preventDefault();
        }}
      />
      <span class="count" aria-live="polite">
        {(input.current?.value ?? '') === ''
          ? ''
          : count === 0
            ? 'none'
            : at >= 0
              ? `${at + 1} of ${count}`
              : `${count}`}
      </span>
      <Tool icon="close" title="Close search (Esc)" onClick={close} />
    </span>
  );
}
