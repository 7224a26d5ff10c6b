//! Reads expressions, and answers questions about their shape.

use super::fields::{Field, Fields, Malformed};
use super::sink::{Binary, Unary};
use super::symbols::SymbolTable;
use super::value::Value;

/// Closures inside closures that are read before giving up. Stock libraries read less than 50.
const DEEPEST: usize = 64;

/// Room for expressions, used again for each.
#[derive(Debug, Default)]
pub(crate) struct Nodes<'a> {
    nodes: Vec<Node<'a>>,
    operands: Vec<usize>,
}

#[derive(Debug, Clone, Copy)]
enum Node<'a> {
    Value(Value<'a>),
    Unary(Unary, usize),
    Binary(Binary, usize, usize),
    Closure(Option<&'a str>, usize),
}

impl<'a> Nodes<'a> {
    /// Reads the message `Expression`, in postfix order, as a tree. Returns its root for [`Nodes::expr`].
    pub(crate) fn read(
        &mut self,
        message: &'a [u8],
        symbols: &'a SymbolTable,
    ) -> Result<usize, Malformed> {
        self.operations(message, 1, symbols, 0)
    }

    /// The expression with that root.
    pub(crate) fn expr(&self, root: usize) -> Expr<'_, 'a> {
        Expr {
            nodes: &self.nodes,
            root,
        }
    }

    /// Forgets all expressions, and keeps the room.
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
        self.operands.clear();
    }

    fn operations(
        &mut self,
        message: &'a [u8],
        operation: u64,
        symbols: &'a SymbolTable,
        depth: usize,
    ) -> Result<usize, Malformed> {
        let below = self.operands.len();
        for field in Fields::new(message) {
            match field? {
                Field::Bytes(number, message) if number == operation => {
                    let node = self.operation(message, symbols, depth, below)?;
                    self.nodes.push(node);
                    self.operands.push(self.nodes.len() - 1);
                }
                // The parameter of a closure, which its owner has read.
                Field::Number(1, _) if operation == 2 => {}
                _ => return Err(Malformed),
            }
        }
        let result = self.operands.pop().ok_or(Malformed)?;
        if self.operands.len() == below {
            Ok(result)
        } else {
            Err(Malformed)
        }
    }

    fn operation(
        &mut self,
        message: &'a [u8],
        symbols: &'a SymbolTable,
        depth: usize,
        below: usize,
    ) -> Result<Node<'a>, Malformed> {
        match Fields::new(message).next().ok_or(Malformed)?? {
            Field::Bytes(1, term) => Ok(Node::Value(Value::read(term, symbols)?)),
            Field::Bytes(2, operator) => {
                let operator = Unary::from_code(code(operator)?).ok_or(Malformed)?;
                Ok(Node::Unary(operator, self.operand(below)?))
            }
            Field::Bytes(3, operator) => {
                let operator = Binary::from_code(code(operator)?).ok_or(Malformed)?;
                let right = self.operand(below)?;
                Ok(Node::Binary(operator, self.operand(below)?, right))
            }
            Field::Bytes(4, closure) => {
                if depth == DEEPEST {
                    return Err(Malformed);
                }
                let parameter = match Fields::new(closure).next().ok_or(Malformed)?? {
                    Field::Number(1, symbol) => Some(symbols.get(symbol).ok_or(Malformed)?),
                    _ => None,
                };
                Ok(Node::Closure(
                    parameter,
                    self.operations(closure, 2, symbols, depth + 1)?,
                ))
            }
            _ => Err(Malformed),
        }
    }

    fn operand(&mut self, below: usize) -> Result<usize, Malformed> {
        if self.operands.len() > below {
            self.operands.pop().ok_or(Malformed)
        } else {
            Err(Malformed)
        }
    }
}

fn code(operator: &[u8]) -> Result<u64, Malformed> {
    match Fields::new(operator).next() {
        Some(Ok(Field::Number(1, code))) => Ok(code),
        _ => Err(Malformed),
    }
}

/// An expression, or a part of one.
///
/// Every question is answered with the parts asked for, or with nothing if the expression has another shape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expr<'t, 'a> {
    nodes: &'t [Node<'a>],
    root: usize,
}

impl<'t, 'a> Expr<'t, 'a> {
    fn node(self) -> Option<Node<'a>> {
        self.nodes.get(self.root).copied()
    }

    fn at(self, root: usize) -> Self {
        Expr {
            nodes: self.nodes,
            root,
        }
    }

    pub(crate) fn value(self) -> Option<Value<'a>> {
        if let Node::Value(value) = self.node()? {
            Some(value)
        } else {
            None
        }
    }

    pub(crate) fn unary(self, operator: Unary) -> Option<Self> {
        match self.node()? {
            Node::Unary(found, operand) if found == operator => Some(self.at(operand)),
            _ => None,
        }
    }

    pub(crate) fn binary(self, operator: Binary) -> Option<(Self, Self)> {
        match self.node()? {
            Node::Binary(found, left, right) if found == operator => {
                Some((self.at(left), self.at(right)))
            }
            _ => None,
        }
    }

    /// A closure's parameter and body.
    pub(crate) fn closure(self) -> Option<(Option<&'a str>, Self)> {
        if let Node::Closure(parameter, body) = self.node()? {
            Some((parameter, self.at(body)))
        } else {
            None
        }
    }

    /// The expression without the parentheses around it.
    pub(crate) fn bare(self) -> Self {
        self.unary(Unary::Parens).unwrap_or(self)
    }

    /// Both sides of `&&` or `||`.
    pub(crate) fn lazy(self, operator: Binary) -> Option<(Self, Self)> {
        let (left, right) = self.binary(operator)?;
        Some((left, right.closure()?.1))
    }

    /// The parts of `a && b && c`, or of `a || b || c`, in order; at least one.
    pub(crate) fn parts(self, operator: Binary) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut rest = self;
        while let Some((left, right)) = rest.lazy(operator) {
            parts.push(right);
            rest = left;
        }
        parts.push(rest);
        parts.reverse();
        parts
    }

    /// What `(…).try_or(…)` tries, without its parentheses.
    pub(crate) fn tried(self) -> Option<Self> {
        let (tried, _) = self.binary(Binary::TryOr)?;
        Some(tried.closure()?.1.bare())
    }

    /// The operator that an expression with two operands ends with, and the operands.
    pub(crate) fn any_binary(self) -> Option<(Binary, Self, Self)> {
        if let Node::Binary(operator, left, right) = self.node()? {
            Some((operator, self.at(left), self.at(right)))
        } else {
            None
        }
    }

    /// The variable that the expression begins with, if it begins with one.
    pub(crate) fn first_variable(self) -> Option<&'a str> {
        let mut at = self.root;
        loop {
            // A node's operands stand before it, so this ends.
            at = match self.nodes.get(at)? {
                Node::Value(value) => return value.variable(),
                Node::Unary(_, operand) => *operand,
                Node::Binary(_, left, _) => *left,
                Node::Closure(_, body) => *body,
            };
        }
    }
}
