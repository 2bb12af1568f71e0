/** Where some time went, as a small table that adds up: its last row is the whole. */
import type { WhereView } from '../messages.ts';
import { SentenceView } from './sentence-view.tsx';

export function TimeTable({ title, rows }: { readonly title: string; readonly rows: readonly WhereView[] }) {
  if (rows.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <table class="where" aria-label={title}>
        <tbody>
          {rows.map(({ time, share, words }, i) => (
            <tr key={i}>
              <td>{time}</td>
              <td>{share}</td>
              <td>
                <SentenceView sentence={words} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
