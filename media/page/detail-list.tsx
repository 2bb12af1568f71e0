/** Lines of detail: a name and a value each. */
import type { DetailLine } from '../messages.ts';
import { SentenceView } from './sentence-view.tsx';

export function DetailList({ lines }: { readonly lines: readonly DetailLine[] }) {
  return (
    <dl>
      {lines.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <SentenceView sentence={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
