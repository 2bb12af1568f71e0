/**
 * Removes TypeScript's types by overwriting them with blanks, as Node's own type stripping does. So
 * every position in the emitted text is the user's. Syntax that cannot be blanked (decorators,
 * namespaces with values, `import x = require()`, JSX) is named in `needsTransform`, and the file
 * goes through a transformer instead.
 *
 * The one danger is a line break whose meaning changes once the type before it is blank: a
 * statement then runs on into the next line, or a `return` or `=>` is torn from what follows. Such
 * places get a `;` or a moved parenthesis in a blanked position.
 */
import { type Edits } from './edits.ts';
import { EnumStripper } from './strip-enum.ts';
import { beginAccessor, endAccessor } from './strip-accessor.ts';
import { stripParameterProperties } from './strip-parameter-properties.ts';
import { type Node } from './syntax-tree.ts';
import { findToken, skipBlanksBack, skipTrivia } from './trivia.ts';
import { unusedImports } from './unused-imports.ts';
import { type TypeStripper } from './inserter.ts';

/** What the project's tsconfig.json says about what remains of its types. */
export interface TypeOptions {
  /** `verbatimModuleSyntax`: imports that are not marked `type` stay. */
  readonly keepsImports: boolean;
  /** `useDefineForClassFields`: a field without a value is defined all the same. */
  readonly definesFields: boolean;
}

const MODIFIERS = new Set(['public', 'private', 'protected', 'readonly', 'override', 'abstract', 'declare']);

export class BlankingTypeStripper implements TypeStripper {
  /** The syntax for which blanks are not enough; null: there is none. */
  needsTransform: string | null = null;
  hasDecorators = false;
  /** Syntax that the transformer gets wrong; null: there is none. */
  notCompiled: string | null = null;
  readonly #namespaces = new Set<string>();
  readonly #edits: Edits;
  readonly #source: string;
  readonly #unusedImports: ReadonlySet<string>;
  readonly #typeNames: ReadonlySet<string>;
  readonly #enums: EnumStripper;

  readonly #definesFields: boolean;

  constructor(edits: Edits, program: Node, { keepsImports, definesFields }: TypeOptions) {
    this.#edits = edits;
    this.#source = edits.source;
    this.#definesFields = definesFields;
    this.#unusedImports = keepsImports ? new Set() : unusedImports(program);
    this.#typeNames = typeNames(program);
    this.#enums = new EnumStripper(edits);
  }

  enter(node: Node, parent: Node): boolean {
    if (node['decorators']?.length > 0) {
      this.hasDecorators = true;
      this.needsTransform ??= 'decorators';
    }
    switch (node.type) {
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration':
        return this.#isExportOfType(node) && this.#blankStatement(node);
      case 'ExportAllDeclaration':
        return node['exportKind'] === 'type' && this.#blankStatement(node);
      case 'ImportDeclaration':
        return this.#isImportOfTypes(node) && this.#blankStatement(node);
      case 'ImportDefaultSpecifier':
        return this.#unusedImports.has(node['local'].name) && this.#blankListItem(node);
      case 'ImportNamespaceSpecifier':
        return this.#unusedImports.has(node['local'].name) && this.#blankLastItem(node);
      case 'ImportSpecifier':
      case 'ExportSpecifier':
        if (node['importKind'] === 'type' || node['exportKind'] === 'type' || this.#isUnused(node, parent)) {
          return this.#blankListItem(node);
        }
        return false;
      case 'TSImportEqualsDeclaration':
        if (node['importKind'] === 'type') return this.#blankStatement(node);
        this.needsTransform ??= 'import x =';
        return true;
      case 'TSExportAssignment':
        this.needsTransform ??= 'export =';
        return true;
      case 'TSEnumDeclaration':
        if (node['declare']) return this.#blankStatement(node);
        if (!this.#enums.strip(node, parent)) this.needsTransform ??= 'an enum with computed members';
        return true;
      case 'TSModuleDeclaration':
        if (isTypeOnly(node)) return this.#blankStatement(node);
        this.needsTransform ??= 'a namespace';
        // One part does not see the names of another.
        if (this.#namespaces.has(node['id']?.name)) this.notCompiled ??= 'a namespace in several parts';
        this.#namespaces.add(node['id']?.name);
        return true;
      case 'TSParameterProperty':
        // The constructor handles its modifiers and the assignment (see `MethodDefinition`).
        return false;
      case 'JSXElement':
      case 'JSXFragment':
        this.needsTransform ??= 'JSX';
        return true;
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSInstantiationExpression':
        return false;
      case 'TSTypeAssertion':
        this.#blankAssertion(node, parent);
        return false;
      case 'TSTypeParameterDeclaration':
        this.#blankTypeParameters(node, parent);
        return true;
      case 'TSTypeAnnotation':
        this.#blankAnnotation(node, parent);
        return true;
      case 'TSAbstractMethodDefinition':
      case 'TSAbstractPropertyDefinition':
      case 'TSAbstractAccessorProperty':
      case 'TSIndexSignature':
        return this.#blankStatement(node);
      case 'MethodDefinition':
        if (node['value'].type === 'TSEmptyBodyFunctionExpression') return this.#blankStatement(node);
        this.#blankMember(node);
        if (node['kind'] === 'constructor' && !stripParameterProperties(node, parent, this.#edits)) {
          this.needsTransform ??= 'parameter properties where super() is not a statement of its own';
        }
        return false;
      case 'PropertyDefinition':
        if (node['declare'] || this.#isDroppedField(node)) return this.#blankStatement(node);
        this.#blankMember(node);
        return false;
      case 'AccessorProperty':
        if (node['declare']) return this.#blankStatement(node);
        this.#blankMember(node);
        if (!beginAccessor(node, this.#edits)) this.needsTransform ??= 'an accessor with a computed name';
        return false;
      case 'ClassDeclaration':
      case 'ClassExpression':
        if (node['declare']) return this.#blankStatement(node);
        this.#blankClassHead(node);
        return false;
      case 'VariableDeclaration':
        return Boolean(node['declare']) && this.#blankStatement(node);
      case 'VariableDeclarator':
        if (node['definite']) this.#blankMarkBefore(node['id'].typeAnnotation?.start ?? node['id'].end, '!');
        return false;
      case 'Identifier':
        if (node['name'] === 'this' && node['typeAnnotation'] !== undefined && isParameter(node, parent)) {
          return this.#blankListItem(node);
        }
        this.#blankOptionalMark(node);
        return false;
      case 'ObjectPattern':
      case 'ArrayPattern':
      case 'AssignmentPattern':
        this.#blankOptionalMark(node);
        return false;
      default:
        if (isTypeOnly(node)) return this.#blankStatement(node);
        if (!node.type.startsWith('TS')) return false;
        // Blanked with the class's head.
        if (node.type === 'TSClassImplements') return true;
        this.#edits.blank(node.start, node.end);
        return true;
    }
  }

  leave(node: Node, parent: Node): void {
    switch (node.type) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
        this.#edits.blank(node['expression'].end, node.end);
        return;
      case 'TSNonNullExpression': {
        const mark = skipTrivia(this.#source, node['expression'].end);
        this.#edits.blank(mark, mark + 1);
        return;
      }
      case 'VariableDeclaration':
        if (parent.type.startsWith('For')) return;
        return this.#closeStatement(node);
      case 'ExpressionStatement':
      case 'ReturnStatement':
      case 'ThrowStatement':
      case 'PropertyDefinition':
      case 'ExportDefaultDeclaration':
        return this.#closeStatement(node);
      case 'AccessorProperty':
        return endAccessor(node, this.#edits);
    }
  }

  /**
   * A statement whose last token was a type: the next line must not be read as its continuation.
   */
  #closeStatement(node: Node): void {
    const last = this.#edits.lastBlank;
    if (last?.to === node.end && this.#source[node.end - 1] !== ';') this.#edits.insert(node.end, ';');
  }

  #blankStatement(node: Node): true {
    this.#edits.blank(node.start, node.end, ';');
    return true;
  }

  #isUnused(node: Node, parent: Node): boolean {
    if (node.type === 'ImportSpecifier') return this.#unusedImports.has(node['local'].name);
    return parent['source'] === null && this.#typeNames.has(node['local'].name);
  }

  #isExportOfType(node: Node): boolean {
    if (node['exportKind'] === 'type') return true;
    const declared = node['declaration'] as Node | null;
    if (declared === null) return false;
    return isTypeOnly(declared) || (declared.type === 'Identifier' && this.#typeNames.has(declared['name']));
  }

  /** Nothing that it imports is left at run time. `import {} from 'x'` and `import 'x'` stay. */
  #isImportOfTypes(node: Node): boolean {
    if (node['importKind'] === 'type') return true;
    const specifiers = node['specifiers'] as readonly Node[];
    return (
      specifiers.length > 0 &&
      specifiers.every(
        ({ importKind, local }) => importKind === 'type' || this.#unusedImports.has(local.name),
      )
    );
  }

  /** A field without a value that is assigned, and not defined: nothing assigns it. */
  #isDroppedField(node: Node): boolean {
    if (this.#definesFields || node['value'] !== null || node['decorators']?.length > 0) return false;
    return !node['computed'] && node['key'].type !== 'PrivateIdentifier';
  }

  /** Blanks an element of a list, with the comma before it. */
  #blankLastItem(node: Node): true {
    const end = skipBlanksBack(this.#source, node.start);
    this.#edits.blank(this.#source[end - 1] === ',' ? end - 1 : node.start, node.end);
    return true;
  }

  /** Blanks an element of a list, with the comma after it. */
  #blankListItem(node: Node): true {
    const next = skipTrivia(this.#source, node.end);
    this.#edits.blank(node.start, node.end);
    if (this.#source[next] === ',') this.#edits.blank(next, next + 1);
    return true;
  }

  #blankOptionalMark(node: Node): void {
    if (node['optional']) this.#blankMarkBefore(node['typeAnnotation']?.start ?? node.end, '?');
  }

  /** Blanks a `?` or `!` that stands before an offset. */
  #blankMarkBefore(at: number, mark: '?' | '!'): void {
    const end = skipBlanksBack(this.#source, at);
    if (this.#source[end - 1] === mark) this.#edits.blank(end - 1, end);
  }

  #blankClassHead(node: Node): void {
    const start: number = node['decorators']?.at(-1)?.end ?? node.start;
    if (node['abstract']) {
      const at = findToken(this.#source, start, node['body'].start, 'abstract');
      if (at >= 0) this.#edits.blank(at, at + 'abstract'.length);
    }
    const interfaces: readonly Node[] = node['implements'] ?? [];
    if (interfaces.length === 0) return;
    const head = node['superTypeArguments'] ?? node['superClass'] ?? node['typeParameters'] ?? node['id'];
    const at = findToken(this.#source, head?.end ?? start, node['body'].start, 'implements');
    if (at >= 0) this.#edits.blank(at, interfaces.at(-1)!.end);
  }

  /** Blanks the modifiers before a member's name, and the mark after it. */
  #blankMember(node: Node): void {
    const key: Node = node['key'];
    let at = skipTrivia(this.#source, node['decorators']?.at(-1)?.end ?? node.start);
    for (;;) {
      const word = /^[a-z]+/.exec(this.#source.slice(at, at + 12))?.[0];
      if (word === undefined || at + word.length > key.start) break;
      // `;` first, or a field above that has no semicolon would run on into `[key]` or `*method`.
      if (MODIFIERS.has(word)) this.#edits.blank(at, at + word.length, at === node.start ? ';' : undefined);
      at = skipTrivia(this.#source, at + word.length);
    }
    if (!node['optional'] && !node['definite']) return;
    let mark = skipTrivia(this.#source, key.end);
    if (node['computed']) mark = skipTrivia(this.#source, mark + 1);
    if (this.#source[mark] === '?' || this.#source[mark] === '!') this.#edits.blank(mark, mark + 1);
  }

  #blankAnnotation(node: Node, parent: Node): void {
    this.#edits.blank(node.start, node.end);
    // `(a): Promise<⏎ T⏎> => …`: no line break may come before `=>`, so the `)` moves down to it.
    if (parent.type !== 'ArrowFunctionExpression' || parent['returnType'] !== node) return;
    if (!this.#spansLines(node.start, skipTrivia(this.#source, node.end))) return;
    const close = skipBlanksBack(this.#source, node.start) - 1;
    if (this.#source[close] !== ')') return;
    this.#edits.putCharacter(close, ' ');
    this.#edits.putCharacter(node.end - 1, ')');
  }

  #blankTypeParameters(node: Node, parent: Node): void {
    this.#edits.blank(node.start, node.end);
    if (parent.type !== 'ArrowFunctionExpression') return;
    const open = skipTrivia(this.#source, node.end);
    if (!this.#spansLines(node.start, open)) return;
    // `async <⏎T⏎>(a) => …`: no line break may come after `async` or `return`, so the `(` moves up.
    this.#edits.putCharacter(node.start, '(');
    this.#edits.putCharacter(open, ' ');
  }

  /** `<T>x`. The brackets become parentheses where `x` alone would be parsed differently. */
  #blankAssertion(node: Node, parent: Node): void {
    const expression: Node = node['expression'];
    const isTorn = this.#spansLines(node.start, expression.start);
    const isHead = parent.type === 'ArrowFunctionExpression' || parent.type === 'ExpressionStatement';
    const needsParentheses = isHead || isTorn;
    this.#edits.blank(node.start, expression.start, needsParentheses ? '(' : undefined);
    if (needsParentheses) this.#edits.insert(node.end, ')');
  }

  #spansLines(from: number, to: number): boolean {
    return /[\r\n\u2028\u2029]/.test(this.#source.slice(from, to));
  }
}

/**
 * Names that the file declares as types only: `export { Name }` of one of them exports no value.
 */
function typeNames(program: Node): ReadonlySet<string> {
  const types = new Set<string>();
  const values = new Set<string>();
  for (const statement of program['body'] as Node[]) {
    const declared: Node = statement['declaration'] ?? statement;
    const name: unknown = declared['id']?.name;
    if (typeof name === 'string') (isTypeOnly(declared) && !declared['declare'] ? types : values).add(name);
    if (statement['importKind'] !== 'type') continue;
    for (const { local } of statement['specifiers'] ?? []) types.add(local.name);
  }
  for (const name of values) types.delete(name);
  return types;
}

/** Declarations that leave nothing at run time. */
export function isTypeOnly(node: Node): boolean {
  switch (node.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSDeclareFunction':
    case 'TSNamespaceExportDeclaration':
      return true;
    case 'TSModuleDeclaration':
      return Boolean(node['declare']) || hasOnlyTypes(node['body']);
    case 'ClassDeclaration':
    case 'FunctionDeclaration':
    case 'VariableDeclaration':
    case 'TSEnumDeclaration':
      return Boolean(node['declare']);
    default:
      return false;
  }
}

function hasOnlyTypes(body: Node | null): boolean {
  if (body === null) return true;
  if (body.type === 'TSModuleDeclaration') return isTypeOnly(body);
  return (body['body'] as Node[]).every((statement) => {
    const declared: Node | null =
      statement.type === 'ExportNamedDeclaration' ? (statement['declaration'] as Node | null) : statement;
    if (declared === null) return statement['exportKind'] === 'type';
    return (
      isTypeOnly(declared) ||
      (declared.type === 'TSImportEqualsDeclaration' && declared['importKind'] === 'type')
    );
  });
}

function isParameter(node: Node, parent: Node): boolean {
  return Array.isArray(parent['params']) && parent['params'].includes(node);
}
