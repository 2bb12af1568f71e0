/**
 * A line that leads somewhere: a button for keys before its words, and all of the line for the
 * pointer. The words hold links of their own; a click on one of them is not for the line.
 */
import type { ComponentChildren } from 'preact';

interface LinkRowProps {
  /** null: the line leads nowhere. */
  readonly onOpen: (() => void) | null;
  readonly sign: ComponentChildren;
  readonly title: string;
  readonly children: ComponentChildren;
}

export function LinkRow({ onOpen, sign, title, children }: LinkRowProps) {
  if (!onOpen)
    return (
      <div class="link-row">
        <span>{sign}</span>
        <span>{children}</span>
      </div>
    );
  return (
    <div
      class="link-row clickable"
      onClick={(event) => {
        if (!(event.target as Element).closest('button')) onOpen();
      }}
    >
      <button type="button" class="go" title={title} onClick={onOpen}>
        {sign}
      </button>
      <span>{children}</span>
    </div>
  );
}
