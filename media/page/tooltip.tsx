/** The tooltip at the pointer. It turns to the other side near the edges of the picture. */
import { tooltip } from './state.ts';

/** Room that a tooltip needs to the right of the pointer and below it. */
const ROOM_RIGHT_PX = 280;
const ROOM_BELOW_PX = 60;

export function Tooltip() {
  if (!tooltip.value) return null;
  const ratio = window.devicePixelRatio;
  const x = tooltip.value.x / ratio;
  const y = tooltip.value.y / ratio;
  const picture = document.querySelector('.picture')?.getBoundingClientRect();
  const width = picture?.width ?? Number.POSITIVE_INFINITY;
  const height = picture?.height ?? Number.POSITIVE_INFINITY;
  const isLeft = x > width - ROOM_RIGHT_PX;
  const isAbove = y > height - ROOM_BELOW_PX;
  return (
    <div
      class="tooltip"
      style={{
        left: isLeft ? 'auto' : `${x + 12}px`,
        right: isLeft ? `${width - x + 12}px` : 'auto',
        top: isAbove ? 'auto' : `${y + 16}px`,
        bottom: isAbove ? `${height - y + 8}px` : 'auto',
      }}
    >
      {tooltip.value.lines.map((line, i) => (
        <div key={i}>{line}</div>
      ))}
    </div>
  );
}
