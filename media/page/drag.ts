/** One press of the pointer and what follows until its release, wherever the pointer goes. */
export interface DragHandlers {
  readonly move?: (event: PointerEvent) => void;
  /** Not called if the drag is cancelled. */
  readonly release?: (event: PointerEvent) => void;
  /** Called last, whether the drag was cancelled or not. */
  readonly end?: () => void;
}

export function drag(event: PointerEvent, { move, release, end }: DragHandlers): void {
  const element = event.currentTarget as HTMLElement;
  element.setPointerCapture(event.pointerId);
  const onMove = (moved: PointerEvent): void => move?.(moved);
  const onEnd = (last: PointerEvent): void => {
    element.removeEventListener('pointermove', onMove);
    element.removeEventListener('pointerup', onEnd);
    element.removeEventListener('pointercancel', onEnd);
    if (last.type === 'pointerup') release?.(last);
    end?.();
  };
  element.addEventListener('pointermove', onMove);
  element.addEventListener('pointerup', onEnd);
  element.addEventListener('pointercancel', onEnd);
}
