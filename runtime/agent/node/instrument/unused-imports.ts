/**
 * The imported names that TypeScript code uses as types only, or not at all, though they are not
 * marked `type`. tsc drops them, and with the last of them the import itself, unless the project
 * sets `verbatimModuleSyntax`.
 */
import { eachChild, type Node } from './syntax-tree.ts';

export function unusedImports(program: Node): ReadonlySet<string> {
  const imported = new Set<string>();
  for (const statement of program['body'] as Node[]) {
    if (statement.type !== 'ImportDeclaration' || statement['importKind'] === 'type') continue;
    for (const specifier of statement['specifiers'] as Node[]) {
      imported.add(specifier['local'].name);
    }
  }
  if (imported.size > 0) removeUsed(program, imported);
  return imported;
}

/** A name of an inner scope counts as a use as well: one import too many is kept. */
function removeUsed(node: Node, names: Set<string>): void {
  eachChild(node, (child, field) => {
    if (names.size === 0) return;
    switch (child.type) {
      case 'ImportDeclaration':
        return;
      case 'Identifier':
      case 'JSXIdentifier':
        if (isReference(node, field)) names.delete(child['name']);
        // The type of a decorated parameter may become metadata. Those files are transformed
        // instead.
        return removeUsed(child, names);
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
        return removeUsed({ ...child, typeAnnotation: null, typeArguments: null }, names);
      case 'TSEnumDeclaration':
      case 'TSEnumBody':
      case 'TSEnumMember':
      case 'TSModuleDeclaration':
      case 'TSModuleBlock':
      case 'TSParameterProperty':
      case 'TSExportAssignment':
      case 'TSImportEqualsDeclaration':
      case 'TSQualifiedName':
        return removeUsed(child, names);
      default:
        if (!child.type.startsWith('TS')) removeUsed(child, names);
    }
  });
}

function isReference(parent: Node, field: string): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return field === 'object' || Boolean(parent['computed']);
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return field !== 'key' || Boolean(parent['computed']);
    default:
      return true;
  }
}
