/**
 * A button that opens a list of commands. Arrow keys move in it, Escape and a press elsewhere close
 * it, and the focus goes back to the button.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon.tsx';
import { useRoving } from './roving.ts';

export interface MenuItem {
  readonly title: string;
  readonly icon?: IconName;
  /** Of an item that is on or off. */
  readonly checked?: boolean;
  /** A line is drawn above it. */
  readonly startsGroup?: boolean;
  readonly onClick: () => void;
}

interface MenuProps {
  readonly icon: IconName;
  readonly title: string;
  readonly items: readonly MenuItem[];
  /** What stands above the items, asked for while the menu is open; '': nothing. */
  readonly heading?: () => string;
}

export function Menu({ icon, title, items, heading = () => '' }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: PointerEvent): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside, true);
    return () => document.removeEventListener('pointerdown', closeOutside, true);
  }, [open]);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <span class="menu-root" ref={root}>
      <button
        ref={button}
        type="button"
        class="tool"
        title={title}
        aria-label={title}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name={icon} />
      </button>
      {open && <MenuList title={title} heading={heading} items={items} onClose={close} />}
    </span>
  );
}

interface MenuListProps {
  readonly title: string;
  readonly heading: () => string;
  readonly items: readonly MenuItem[];
  readonly onClose: () => void;
}

function MenuList({ title, heading, items, onClose }: MenuListProps) {
  const list = useRoving<HTMLDivElement>();
  useEffect(() => list.current?.querySelector('button')?.focus(), []);
  return (
    <div
      ref={list}
      class="menu"
      role="menu"
      aria-label={title}
      onKeyDown={(event) => {
        // The bar around it has arrow keys of its own.
        event.stopPropagation();
        if (event.key !== 'Escape' && event.key !== 'Tab') return;
        event.preventDefault();
        onClose();
      }}
    >
      {heading() !== '' && <div class="menu-heading">{heading()}</div>}
      {items.map((item) => (
        <button
          key={item.title}
          type="button"
          role={item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
          {...(item.checked === undefined ? {} : { 'aria-checked': item.checked })}
          class={item.startsGroup ? 'menu-item group' : 'menu-item'}
          onClick={() => {
            onClose();
            item.onClick();
          }}
        >
          <span class="menu-sign">
            {item.icon ? <Icon name={item.icon} /> : item.checked === true ? '✓' : ''}
          </span>
          {item.title}
        </button>
      ))}
    </div>
  );
}
