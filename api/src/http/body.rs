//! Reads the body of a request, up to a limit. A body that arrives in one piece, as most do, is not
//! copied.

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, LengthLimitError, Limited, combinators::BoxBody};
use poem::Body;

/// The reason for which a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// The body exceeds the limit.
    TooLarge,
    /// The body ended before it was complete.
    Incomplete,
}

/// The whole body, if it is within the limit in bytes.
pub async fn read(body: Body, most: usize) -> Result<Bytes, BodyError> {
    let mut body = Limited::new(BoxBody::from(body), most);
    let mut only = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| match error.is::<LengthLimitError>() {
            true => BodyError::TooLarge,
            false => BodyError::Incomplete,
        })?;
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        if only.is_empty() && whole.is_empty() {
            only = piece;
            continue;
        }
        // Pieces are copied into one buffer, since each would retain a buffer of its own.
        whole.extend_from_slice(&std::mem::take(&mut only));
        whole.extend_from_slice(&piece);
    }
    Ok(match whole.is_empty() {
        true => only,
        false => whole.freeze(),
    })
}

#[cfg(test)]
mod tests {
    use std::io;

    use futures::stream;

    use super::*;

    fn in_pieces(pieces: &[&'static str]) -> Body {
        let pieces: Vec<_> = pieces
            .iter()
            .map(|piece| Ok::<_, io::Error>(*piece))
            .collect();
        Body::from_bytes_stream(stream::iter(pieces))
    }

    #[tokio::test]
    async fn a_body_is_whole_or_none() {
        assert_eq!(read(Body::empty(), 0).await.unwrap(), "");
        assert_eq!(
            read(Body::from_string("12345".into()), 5).await.unwrap(),
            "12345"
        );
        assert_eq!(read(in_pieces(&["12", "345"]), 5).await.unwrap(), "12345");
        for long in [
            Body::from_string("123456".into()),
            in_pieces(&["12345", "6"]),
        ] {
            assert_eq!(read(long, 5).await, Err(BodyError::TooLarge));
        }
        let ended = io::Error::from(io::ErrorKind::UnexpectedEof);
        let broken = stream::iter([Ok("12"), Err(ended)]);
        let broken = Body::from_bytes_stream(broken);
        assert_eq!(read(broken, 5).await, Err(BodyError::Incomplete));
    }
}
