//! How a block is told: the words of Biscuit Datalog that format 1 uses, and no others.

/// Takes a block, part by part, in the order in which it is written.
///
/// The parts that hold others take a function that tells them, so that none is left open. Expressions are told in postfix
/// order: operands first, then the operator; the right side of `&&` and `||`, the left side of `try_or` and the body of
/// `all` and `any` are closures.
pub(crate) trait Sink: Sized {
    /// A fact of the block. All facts come before the first check.
    fn fact(&mut self, name: &str, terms: &[Term<'_>]);

    /// `check if`, with one query or several, of which one must hold.
    fn check(&mut self, queries: impl FnOnce(&mut Self));

    /// One query of a check: predicates, then expressions.
    fn query(&mut self, body: impl FnOnce(&mut Self));

    /// A fact that the query asks for.
    fn predicate(&mut self, name: &str, terms: &[Term<'_>]);

    /// An expression that must be true: its operations in postfix order.
    fn expression(&mut self, operations: impl FnOnce(&mut Self));

    /// An operand.
    fn value(&mut self, term: Term<'_>);

    /// An operator on the operand before it.
    fn unary(&mut self, operator: Unary);

    /// An operator on the two operands before it.
    fn binary(&mut self, operator: Binary);

    /// An operand that is evaluated later: not at all, once, or for each value of `parameter`.
    fn closure(&mut self, parameter: Option<&str>, operations: impl FnOnce(&mut Self));
}

/// A value, or a variable.
#[derive(Clone, Copy)]
pub(crate) enum Term<'a> {
    Variable(&'a str),
    Integer(i64),
    Text(&'a str),
    /// In seconds since the Unix epoch.
    Date(u64),
    Bytes(&'a [u8]),
    Bool(bool),
    /// A decimal as format 1 writes it: a map from its scale to its units.
    Decimal(u8, i64),
    /// Any other number as format 1 writes it: a map from -1 to its text.
    Number(&'a str),
    List(&'a dyn Items),
    /// Byte strings in rising order, each once.
    ByteSet(&'a dyn Items),
}

/// What a list or a set holds, visited in order.
pub(crate) trait Items {
    fn visit(&self, each: &mut dyn FnMut(Term<'_>));
}

impl<T> Items for &[T]
where
    for<'a> &'a T: Into<Term<'a>>,
{
    fn visit(&self, each: &mut dyn FnMut(Term<'_>)) {
        self.iter().for_each(|item| each(item.into()));
    }
}

/// An operator with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unary {
    Negate,
    /// Parentheses, which a Biscuit block keeps: told exactly where the text needs them.
    Parens,
    Length,
    TypeOf,
}

/// An operator with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binary {
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    /// `===`: an error between values of two types.
    StrictEqual,
    /// `!==`
    StrictNotEqual,
    /// `==`: false between values of two types.
    Equal,
    Contains,
    StartsWith,
    EndsWith,
    Subtract,
    Intersection,
    And,
    Or,
    All,
    Any,
    Get,
    TryOr,
}

impl Unary {
    /// The number of the operator in a Biscuit block.
    pub(crate) fn code(self) -> u8 {
        match self {
            Unary::Negate => 0,
            Unary::Parens => 1,
            Unary::Length => 2,
            Unary::TypeOf => 3,
        }
    }

    /// The operator with that number, if format 1 uses it.
    pub(crate) fn from_code(code: u64) -> Option<Unary> {
        Some(match code {
            0 => Unary::Negate,
            1 => Unary::Parens,
            2 => Unary::Length,
            3 => Unary::TypeOf,
            _ => return None,
        })
    }
}

impl Binary {
    /// The number of the operator in a Biscuit block.
    pub(crate) fn code(self) -> u8 {
        match self {
            Binary::Less => 0,
            Binary::Greater => 1,
            Binary::LessOrEqual => 2,
            Binary::GreaterOrEqual => 3,
            Binary::StrictEqual => 4,
            Binary::Contains => 5,
            Binary::StartsWith => 6,
            Binary::EndsWith => 7,
            Binary::Subtract => 10,
            Binary::Intersection => 15,
            Binary::StrictNotEqual => 20,
            Binary::Equal => 21,
            Binary::And => 23,
            Binary::Or => 24,
            Binary::All => 25,
            Binary::Any => 26,
            Binary::Get => 27,
            Binary::TryOr => 29,
        }
    }

    /// The operator with that number, if format 1 uses it.
    pub(crate) fn from_code(code: u64) -> Option<Binary> {
        Some(match code {
            0 => Binary::Less,
            1 => Binary::Greater,
            2 => Binary::LessOrEqual,
            3 => Binary::GreaterOrEqual,
            4 => Binary::StrictEqual,
            5 => Binary::Contains,
            6 => Binary::StartsWith,
            7 => Binary::EndsWith,
            10 => Binary::Subtract,
            15 => Binary::Intersection,
            20 => Binary::StrictNotEqual,
            21 => Binary::Equal,
            23 => Binary::And,
            24 => Binary::Or,
            25 => Binary::All,
            26 => Binary::Any,
            27 => Binary::Get,
            29 => Binary::TryOr,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_operators_go_there_and_back() {
        let unary =
            (0..64).filter_map(|code| Unary::from_code(code).map(|operator| (code, operator)));
        let binary =
            (0..64).filter_map(|code| Binary::from_code(code).map(|operator| (code, operator)));
        assert!(
            unary
                .clone()
                .all(|(code, operator)| u64::from(operator.code()) == code)
        );
        assert!(
            binary
                .clone()
                .all(|(code, operator)| u64::from(operator.code()) == code)
        );
        assert_eq!((unary.count(), binary.count()), (4, 18));
    }
}
