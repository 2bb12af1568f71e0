/** A button of the toolbar: an icon, what it does as its name, and words beside it where there are any. */
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface ToolProps {
  readonly icon: IconName;
  readonly title: string;
  readonly onClick: () => void;
  readonly pressed?: boolean;
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
