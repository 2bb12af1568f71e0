/** A button of the toolbar: an icon, a title that says what it does, and words beside it. */
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface ToolProps {
  readonly icon: IconName;
  readonly title: string;
  readonly onClick: () => void;
  /** undefined: it is not on or off. */
  readonly pressed?: boolean | undefined;
  readonly children?: ComponentChildren;
}

export function Tool({ icon, title, onClick, pressed, children }: ToolProps) {
  return (
    <button
      type="button"
      class="tool"
      title={title}
      aria-label={title}
      aria-pressed={pressed}
      onClick={onClick}
    >
      <Icon name={icon} />
      {children}
    </button>
  );
}
