//! A clamd as it is met on the network: it reads what the real one reads, and answers as it is told to.

use std::io::{Read, Result, Write, copy, sink};
use std::net::{TcpListener, TcpStream};

/// How it behaves.
#[derive(Debug, Clone, Copy)]
pub enum Nature {
    /// It finds [`eicar`] and nothing else.
    Honest,
    /// It takes no more than so many bytes.
    Small(usize),
    /// It answers this to every file.
    Says(&'static str),
    /// It takes all and says nothing.
    Silent,
    /// It hangs up in the midst of its answer.
    Cut,
}

/// What every scanner finds, by agreement. In two parts, so that none finds it here.
pub fn eicar() -> Vec<u8> {
    [&br"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-"[..], b"ANTIVIRUS-TEST-FILE!$H+H*"].concat()
}

/// Starts one; its address. It serves one connection after the other and ends with the tests.
pub fn start(nature: Nature) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for line in listener.incoming().flatten() {
            serve(line, nature).ok();
        }
    });
    address
}

fn serve(mut line: TcpStream, nature: Nature) -> Result<()> {
    if matches!(nature, Nature::Silent) {
        return copy(&mut line, &mut sink()).map(drop);
    }
    let answer = match &command(&mut line)?[..] {
        b"zPING" => "PONG",
        b"zINSTREAM" => verdict(&mut line, nature)?,
        _ => "UNKNOWN COMMAND",
    };
    line.write_all(answer.as_bytes())?;
    if matches!(nature, Nature::Cut) { Ok(()) } else { line.write_all(&[0]) }
}

/// Up to the zero that ends it.
fn command(line: &mut TcpStream) -> Result<Vec<u8>> {
    let (mut all, mut byte) = (Vec::new(), [0]);
    loop {
        line.read_exact(&mut byte)?;
        if byte == [0] {
            return Ok(all);
        }
        all.extend(byte);
    }
}

fn verdict(line: &mut TcpStream, nature: Nature) -> Result<&'static str> {
    let limit = if let Nature::Small(limit) = nature { limit } else { usize::MAX };
    let Some(content) = content(line, limit)? else { return Ok("INSTREAM size limit exceeded. ERROR") };
    let found = content.windows(eicar().len()).any(|w| w == eicar());
    Ok(match nature {
        Nature::Says(words) => words,
        _ if found => "stream: Eicar-Test-Signature FOUND",
        _ => "stream: OK",
    })
}

/// All chunks; none when they are more than it takes.
fn content(line: &mut TcpStream, limit: usize) -> Result<Option<Vec<u8>>> {
    let mut all = Vec::new();
    loop {
        let mut length = [0; 4];
        line.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length) as usize;
        if length == 0 {
            return Ok(Some(all));
        }
        let from = all.len();
        if from + length > limit {
            return Ok(None);
        }
        all.resize(from + length, 0);
        line.read_exact(&mut all[from..])?;
    }
}
