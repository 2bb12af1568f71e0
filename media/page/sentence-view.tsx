/** A sentence with its links. What comes from a trace is text, never markup. */
import type { Link } from '../messages.ts';
import type { Part, Sentence } from '../../runtime/trace/words/sentence.ts';
import { toWorker } from './panel-link.ts';

export function SentenceView({ of }: { readonly of: Sentence }) {
  return (
    <>
      {of.map((part, i) =>
        typeof part === 'string' ? (
          part
        ) : (
          <button
            key={i}
            type="button"
            class="link"
            onClick={() => toWorker({ type: 'follow-link', to: linkOf(part) })}
          >
            {part.text}
          </button>
        ),
      )}
    </>
  );
}

function linkOf(part: Exclude<Part, string>): Link {
  if ('task' in part) return { task: part.task };
  if ('site' in part) return { site: part.site };
  return { resource: part.resource };
}
