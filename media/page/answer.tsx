/**
 * The first line answers: about the selection, or else about the whole. The second says what was found first of all, or,
 * with a selection, how the program ended. There are always two, so that a click into the picture does not move the
 * picture. Troubles stand above them.
 */
import { FindingLine } from './findings.tsx';
import { Icon } from './icon.tsx';
import { endWords, overview, phase, selection, summary, tab, troubles } from './state.ts';
import { SentenceView } from './sentence-view.tsx';

export function Answer() {
  if (phase.value === 'empty') return null;
  const chosen = selection.value?.why[0];
  return (
    <div class="answer">
      {troubles.value.map((words) => (
        <p key={words} class="trouble" role="alert">
          <Icon name="warning" /> {words}
        </p>
      ))}
      <p aria-live="polite" class="sentence">
        {chosen ? <SentenceView of={chosen} /> : <Whole />}
      </p>
      <div aria-live="polite" class="second">
        {chosen ? <span class="muted">{endWords.value}</span> : <Gravest />}
      </div>
    </div>
  );
}

function Whole() {
  if (summary.value.length === 0) return <>{endWords.value || 'Waiting for the first events…'}</>;
  return (
    <>
      {endWords.value !== '' && `${endWords.value} `}
      <SentenceView of={summary.value} />
    </>
  );
}

/** The gravest finding, and how many more the Why tab lists. */
function Gravest() {
  const { findings, more } = overview.value;
  const [first] = findings;
  if (!first) return null;
  const others = findings.length - 1 + more;
  return (
    <>
      <FindingLine finding={first} />
      {others > 0 && (
        <button type="button" class="link" onClick={() => (tab.value = 'why')}>
          and {others.toLocaleString('en')} more
        </button>
      )}
    </>
  );
}
