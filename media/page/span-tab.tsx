/** The *Span* tab: all that is known of the selection, a line each. */
import { DetailList } from './detail-list.tsx';
import { selection } from './state.ts';

export function SpanTab() {
  if (!selection.value) return <p class="muted prose">Nothing is selected.</p>;
  return (
    <div class="prose">
      <DetailList lines={selection.value.details} />
    </div>
  );
}
