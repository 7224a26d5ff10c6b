//! Reads protobuf messages and the parts of a block, leniently: what is spelled in another way than ours shows when the
//! block is encoded again.

use super::sink::{Binary, Unary};
use super::symbols::SymbolTable;

/// The fields of a protobuf message, in the order in which they stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a>(&'a [u8]);

/// One field of a message. The wire types that Biscuit does not use are malformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field<'a> {
    Number(u64, u64),
    Bytes(u64, &'a [u8]),
}

/// Bytes that are no message of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

impl<'a> Fields<'a> {
    pub(crate) fn new(message: &'a [u8]) -> Self {
        Fields(message)
    }

    /// What is not read yet.
    #[cfg(test)]
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.0
    }

    #[inline]
    fn field(&mut self) -> Option<Field<'a>> {
        let key = self.number()?;
        match key & 7 {
            0 => Some(Field::Number(key >> 3, self.number()?)),
            2 => {
                let length = usize::try_from(self.number()?).ok()?;
                let (bytes, rest) = self.0.split_at_checked(length)?;
                self.0 = rest;
                Some(Field::Bytes(key >> 3, bytes))
            }
            _ => None,
        }
    }

    #[inline]
    fn number(&mut self) -> Option<u64> {
        if let [byte @ ..0x80, rest @ ..] = self.0 {
            self.0 = rest;
            return Some(u64::from(*byte));
        }
        let mut number = 0;
        for (position, byte) in self.0.iter().enumerate().take(10) {
            number |= u64::from(byte & 0x7f) << (7 * position);
            if *byte < 0x80 {
                self.0 = self.0.get(position + 1..)?;
                return Some(number);
            }
        }
        None
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field.ok_or(Malformed))
    }
}

/// A value or a variable, as a block states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Variable(&'a str),
    Integer(i64),
    Text(&'a str),
    Date(u64),
    Bytes(&'a [u8]),
    Bool(bool),
    Null,
    /// A map from a scale to units.
    Decimal(u8, i64),
    /// A map from -1 to a text.
    Number(&'a str),
    List(RawList<'a>),
    Set(RawList<'a>),
}

/// The message of a list or a set, not read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawList<'a>(&'a [u8]);

impl<'a> Value<'a> {
    /// Reads the message `Term`.
    pub(crate) fn read(message: &'a [u8], symbols: &'a SymbolTable) -> Result<Self, Malformed> {
        let mut fields = Fields::new(message);
        let field = fields.next().ok_or(Malformed)??;
        if fields.next().is_some() {
            return Err(Malformed);
        }
        match field {
            Field::Number(1, symbol) => symbols.get(symbol).map(Value::Variable),
            Field::Number(2, integer) => Some(Value::Integer(integer.cast_signed())),
            Field::Number(3, symbol) => symbols.get(symbol).map(Value::Text),
            Field::Number(4, seconds) => Some(Value::Date(seconds)),
            Field::Number(6, truth) => Some(Value::Bool(truth != 0)),
            Field::Bytes(5, bytes) => Some(Value::Bytes(bytes)),
            Field::Bytes(7, items) => Some(Value::Set(RawList(items))),
            Field::Bytes(8, []) => Some(Value::Null),
            Field::Bytes(9, items) => Some(Value::List(RawList(items))),
            Field::Bytes(10, map) => read_entry(map, symbols),
            _ => None,
        }
        .ok_or(Malformed)
    }

    pub(crate) fn variable(self) -> Option<&'a str> {
        if let Value::Variable(name) = self {
            Some(name)
        } else {
            None
        }
    }

    pub(crate) fn integer(self) -> Option<i64> {
        if let Value::Integer(integer) = self {
            Some(integer)
        } else {
            None
        }
    }

    pub(crate) fn text(self) -> Option<&'a str> {
        if let Value::Text(text) = self {
            Some(text)
        } else {
            None
        }
    }

    pub(crate) fn date(self) -> Option<u64> {
        if let Value::Date(seconds) = self {
            Some(seconds)
        } else {
            None
        }
    }

    pub(crate) fn bytes(self) -> Option<&'a [u8]> {
        if let Value::Bytes(bytes) = self {
            Some(bytes)
        } else {
            None
        }
    }

    pub(crate) fn list(self) -> Option<RawList<'a>> {
        if let Value::List(list) = self {
            Some(list)
        } else {
            None
        }
    }

    pub(crate) fn set(self) -> Option<RawList<'a>> {
        if let Value::Set(set) = self {
            Some(set)
        } else {
            None
        }
    }
}

/// Reads a map of one entry, whose key is an integer: the only maps of format 1.
fn read_entry<'a>(map: &'a [u8], symbols: &'a SymbolTable) -> Option<Value<'a>> {
    let entry = only_bytes(1, map)?;
    let mut parts = Fields::new(entry);
    let (Ok(Field::Bytes(1, key)), Ok(Field::Bytes(2, value))) = (parts.next()?, parts.next()?)
    else {
        return None;
    };
    let Ok(Field::Number(1, key)) = Fields::new(key).next()? else {
        return None;
    };
    let mut fields = Fields::new(value);
    match (key.cast_signed(), fields.next()?.ok()?) {
        (-1, Field::Number(3, symbol)) => Some(Value::Number(symbols.get(symbol)?)),
        (scale, Field::Number(2, units)) => Some(Value::Decimal(
            u8::try_from(scale).ok()?,
            units.cast_signed(),
        )),
        _ => None,
    }
}

/// The content of a message's first field, if it has that number.
fn only_bytes(number: u64, message: &[u8]) -> Option<&[u8]> {
    match Fields::new(message).next()? {
        Ok(Field::Bytes(found, bytes)) if found == number => Some(bytes),
        _ => None,
    }
}

impl<'a> RawList<'a> {
    /// What the list holds.
    pub(crate) fn items(
        self,
        symbols: &'a SymbolTable,
    ) -> impl Iterator<Item = Result<Value<'a>, Malformed>> {
        Fields::new(self.0).map(|field| match field? {
            Field::Bytes(1, item) => Value::read(item, symbols),
            _ => Err(Malformed),
        })
    }
}

/// A fact, or what a query asks for. Format 1 has at most four terms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Predicate<'a> {
    pub(crate) name: &'a str,
    terms: [Value<'a>; 4],
    count: usize,
}

impl<'a> Predicate<'a> {
    /// Reads the message `Predicate`.
    pub(crate) fn read(message: &'a [u8], symbols: &'a SymbolTable) -> Result<Self, Malformed> {
        let mut predicate = Predicate {
            name: "",
            terms: [Value::Null; 4],
            count: 0,
        };
        for field in Fields::new(message) {
            match field? {
                Field::Number(1, symbol) => {
                    predicate.name = symbols.get(symbol).ok_or(Malformed)?
                }
                Field::Bytes(2, term) => {
                    let slot = predicate.terms.get_mut(predicate.count).ok_or(Malformed)?;
                    *slot = Value::read(term, symbols)?;
                    predicate.count += 1;
                }
                _ => return Err(Malformed),
            }
        }
        Ok(predicate)
    }

    pub(crate) fn terms(&self) -> &[Value<'a>] {
        self.terms.get(..self.count).unwrap_or_default()
    }
}

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
