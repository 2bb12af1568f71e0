/** The probes that tell how an async function's body ends: `return`, `catch`, `finally`. */
import type { Inserter, Scope } from './inserter.ts';
import type { Node } from './syntax-tree.ts';
import { skipTrivia } from './trivia.ts';

export function insertReturn(inserter: Inserter, node: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const { probes, activation } = inserter.names;
  const operand: Node | null = node['argument'];
  if (operand === null && scope.generator) {
    // In an async generator `return x` waits a turn; a bare `return` does not, so it stays bare.
    edits.insert(node.start, `{ ${probes}.done(${activation}); `);
    edits.insert(node.end, ' }');
    return;
  }
  const site = sites.add('return', node.start, scope.fn, operand);
  if (operand === null) {
    edits.insert(node.start + 'return'.length, ` ${probes}.ret(${activation}, ${site}, void 0)`);
    return;
  }
  const [opening, closing] = operand.type === 'SequenceExpression' ? ['(', '))'] : ['', ')'];
  edits.insert(operand.start, `${probes}.ret(${activation}, ${site}, ${opening}`);
  inserter.visit(operand, node, scope);
  edits.insert(operand.end, closing);
}

export function insertTry(inserter: Inserter, node: Node, scope: Scope): void {
  const { edits } = inserter;
  const { probes, activation, pending } = inserter.names;
  inserter.visit(node['block'], node, scope);
  if (node['handler']) insertCatch(inserter, node['handler'], scope);
  const finalizer: Node | null = node['finalizer'];
  if (finalizer === null) return;
  edits.insert(finalizer.start + 1, ` const ${pending} = ${probes}.finallyIn(${activation});`);
  inserter.visit(finalizer, node, scope);
  edits.insert(finalizer.end - 1, `; ${probes}.finallyOut(${activation}, ${pending}); `);
}

function insertCatch(inserter: Inserter, clause: Node, scope: Scope): void {
  const { edits } = inserter;
  const { probes, activation, error } = inserter.names;
  const parameter: Node | null = clause['param'];
  const body: Node = clause['body'];
  if (parameter === null) {
    edits.insert(body.start, `(${error}) `);
    edits.insert(body.start + 1, ` ${probes}.caught(${activation}, ${error});`);
  } else if (parameter.type === 'Identifier') {
    inserter.visit(parameter, clause, scope);
    edits.insert(body.start + 1, ` ${probes}.caught(${activation}, ${parameter['name']});`);
  } else {
    // catch ({ a }) { …  →  catch ($e) { $p.caught($a, $e); let { a } = $e; …
    // with the user's `)` and `{` blanked
    edits.insert(parameter.start, `${error}) { ${probes}.caught(${activation}, ${error}); let `);
    inserter.visit(parameter, clause, scope);
    edits.insert(parameter.end, ` = ${error};`);
    edits.putCharacter(skipTrivia(edits.source, parameter.end), ' ');
    edits.putCharacter(body.start, ' ');
  }
  inserter.visit(body, clause, scope);
}
