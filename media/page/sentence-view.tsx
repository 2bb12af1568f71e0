/** A sentence with its links. What comes from a trace is text, never markup. */
import type { SentencePart, Sentence } from '../../runtime/trace/words/sentence.ts';
import type { LinkTarget } from '../messages.ts';
import { sendToWorker } from './panel-link.ts';

export function SentenceView({ sentence }: { readonly sentence: Sentence }) {
  return (
    <>
      {sentence.map((part, i) =>
        typeof part === 'string' ? (
          part
        ) : (
          <button
            key={i}
            type="button"
            class="link"
            onClick={() => sendToWorker({ type: 'followLink', target: linkTarget(part) })}
          >
            {part.text}
          </button>
        ),
      )}
    </>
  );
}

function linkTarget(part: Exclude<SentencePart, string>): LinkTarget {
  if ('task' in part) return { task: part.task };
  if ('site' in part) return { site: part.site };
  return { resource: part.resource };
}
