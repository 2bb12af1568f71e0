/**
 * The answer strip. Its first line is about the selection, or else the verdict about the whole
 * trace: the cause, or where the time went. Its second line is how the program ended, and without a
 * selection what there is of it in figures. There are always two lines, so that a click into the
 * picture does not move the picture. Troubles stand above them.
 */
import { SeveritySign } from './findings.tsx';
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
        {sentence ? <SentenceView sentence={sentence} /> : <Verdict />}
      </p>
      <div aria-live="polite" class="second">
        <span class="muted">
          {endWords.value}
          {!sentence && summary.value.length > 0 && (
            <>
              {endWords.value !== '' && ' '}
              <SentenceView sentence={summary.value} />
            </>
          )}
        </span>
      </div>
    </div>
  );
}

/** The cause first, and how many more findings the *Why* tab lists. */
function Verdict() {
  const { verdict, severity, findings, moreFindings } = overview.value;
  if (verdict.length === 0) return <>{endWords.value === '' && 'Waiting for the first events…'}</>;
  const others = findings.length + moreFindings - (severity === null ? 0 : 1);
  return (
    <>
      {severity !== null && (
        <>
          <SeveritySign severity={severity} />{' '}
        </>
      )}
      <SentenceView sentence={verdict} />
      {others > 0 && (
        <>
          {' '}
          <button type="button" class="link" onClick={() => (openTab.value = 'why')}>
            and {grouped(others)} {severity === null ? (others === 1 ? 'note' : 'notes') : 'more'}
          </button>
        </>
      )}
    </>
  );
}
