/**
 * The answer strip. Its first line is about the selection, or else about the whole trace. Its
 * second line is the most severe finding, or, with a selection, how the program ended. There are
 * always two lines, so that a click into the picture does not move the picture. Troubles stand
 * above them.
 */
import { FindingLine } from './findings.tsx';
import { Icon } from './icon.tsx';
import { endWords, overview, phase, selection, summary, openTab, troubles } from './state.ts';
import { SentenceView } from './sentence-view.tsx';
import { grouped } from '../../runtime/trace/format/grouped.ts';

export function Answer() {
  if (phase.value === 'empty') return null;
  const sentence = selection.value?.sentences[0];
  return (
    <div class="answer">
      {troubles.value.map((words) => (
        <p key={words} class="trouble" role="alert">
          <Icon name="warning" /> {words}
        </p>
      ))}
      <p aria-live="polite" class="sentence">
        {sentence ? <SentenceView sentence={sentence} /> : <WholeTrace />}
      </p>
      <div aria-live="polite" class="second">
        {sentence ? <span class="muted">{endWords.value}</span> : <WorstFinding />}
      </div>
    </div>
  );
}

function WholeTrace() {
  if (summary.value.length === 0) return <>{endWords.value || 'Waiting for the first events…'}</>;
  return (
    <>
      {endWords.value !== '' && `${endWords.value} `}
      <SentenceView sentence={summary.value} />
    </>
  );
}

/** The most severe finding, and how many more the *Why* tab lists. */
function WorstFinding() {
  const { findings, moreFindings: more } = overview.value;
  const [worst] = findings;
  if (!worst) return null;
  const others = findings.length - 1 + more;
  return (
    <>
      <FindingLine finding={worst} />
      {others > 0 && (
        <button type="button" class="link" onClick={() => (openTab.value = 'why')}>
          and {grouped(others)} more
        </button>
      )}
    </>
  );
}
