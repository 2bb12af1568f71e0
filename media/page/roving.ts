/**
 * One stop of the Tab key for a whole bar: Tab enters it once, arrow keys, Home and End move within
 * it. Elements come and go with each rendering, so they are looked up in the document and not
 * counted in the components.
 */
import { useEffect, useRef } from 'preact/hooks';

const ITEMS = 'button:not([disabled]), input';

export function useRoving<E extends HTMLElement>(selector = ITEMS) {
  const ref = useRef<E>(null);
  useEffect(() => {
    const bar = ref.current;
    if (!bar) return;
    const items = (): HTMLElement[] =>
      [...bar.querySelectorAll<HTMLElement>(selector)].filter((item) => item.offsetParent !== null);
    const makeStop = (stop: HTMLElement | undefined): void => {
      for (const item of bar.querySelectorAll<HTMLElement>(selector))
        if (item.tabIndex !== (item === stop ? 0 : -1)) item.tabIndex = item === stop ? 0 : -1;
    };
    const keepOneStop = (): void => {
      const all = items();
      const focused = all.find((item) => item === document.activeElement);
      makeStop(focused ?? all.find(isSelected) ?? all.find(({ tabIndex }) => tabIndex === 0) ?? all[0]);
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      const all = items();
      const from = all.indexOf(event.target as HTMLElement);
      if (from < 0 || (event.target instanceof HTMLInputElement && event.key !== 'Tab')) return;
      const to = targetOf(event.key, from, all.length);
      if (to === null) return;
      event.preventDefault();
      makeStop(all[to]);
      all[to]!.focus();
    };
    keepOneStop();
    const observer = new MutationObserver(keepOneStop);
    const filter = ['class', 'style', 'aria-selected'];
    observer.observe(bar, { childList: true, subtree: true, attributes: true, attributeFilter: filter });
    bar.addEventListener('focusin', keepOneStop);
    bar.addEventListener('keydown', onKeyDown);
    return () => {
      observer.disconnect();
      bar.removeEventListener('focusin', keepOneStop);
      bar.removeEventListener('keydown', onKeyDown);
    };
  }, []);
  return ref;
}

const isSelected = (item: HTMLElement): boolean => item.getAttribute('aria-selected') === 'true';

/** null: the key moves nothing. From the last one it goes on at the first. */
function targetOf(key: string, from: number, count: number): number | null {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (from + 1) % count;
    case 'ArrowLeft':
    case 'ArrowUp':
      return (from - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
