import { Visitor } from '@swc/core/Visitor.js';
import type { Statement, VariableDeclarator } from '@swc/core';

/**
 * swc reads `using` and `await using`, but the visitor by which dependency-cruiser walks what swc read stops at them.
 * To be imported before it runs; once the visitor knows them, this changes nothing and can go.
 */
interface UsingDeclaration {
  type: 'UsingDeclaration';
  decls: VariableDeclarator[];
}

// oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
const visitStatement = Visitor.prototype.visitStatement;

Visitor.prototype.visitStatement = function visit(this: Visitor, statement: Statement | UsingDeclaration): Statement {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  this.visitVariableDeclarators(statement.decls);
  return { type: 'EmptyStatement', span: { start: 0, end: 0, ctxt: 0 } };
};
