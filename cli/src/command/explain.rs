//! `narrows explain`: the decision on one request, and everything that had a say in it.

mod request;

use crate::args::{Declared, ExplainArgs, NamedMrap};
use crate::command::check;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::Files;
use crate::format::{self, Format};
use crate::input::{self, Input};
use crate::streams::Streams;
use narrows_checks::ExplanationView;
use narrows_checks::render::explain::{json, render};
use narrows_checks::render::text::Preface;
use narrows_model::date::Date;
use narrows_model::{BucketName, MrapArn};
use narrows_prover::AccessModel;
use narrows_prover::explain::{AskError, Asked, explain};

pub(crate) fn run(
    args: &ExplainArgs,
    streams: &mut Streams<'_>,
    files: &mut dyn Files,
) -> Result<Exit, Failure> {
    let inputs = args.paths.iter().chain(&args.stack).chain(&args.request.request);
    format::verify(&args.formats, inputs)?;
    let as_of = check::day(args.as_of)?;
    let through = Through::of(args)?;
    let mut asked = request::read(&args.request, files)?;
    let (input, model) = read(args, &through, &asked, as_of, files)?;
    if args.request.request.is_none() {
        asked.target.access_point = through.name();
    }
    let explanation = explain(&model, &asked).map_err(|error| failure(&error))?;
    let view = ExplanationView::new(&explanation);
    let preface = preface(&input, as_of);
    format::write_with(&args.formats, streams, files, |format, style| match format {
        Format::Text => Ok(render(&view, &preface, args.all, style)),
        Format::Json => json(&view),
    })?;
    Ok(Exit::of_request(view.decision))
}

/// What `--mrap` says.
enum Through {
    Nothing,
    /// An MRAP of the input.
    Name(String),
    /// An MRAP by its ARN, which the input may not know.
    Arn(NamedMrap),
}

impl Through {
    fn of(args: &ExplainArgs) -> Result<Self, Failure> {
        let Some(text) = &args.request.mrap else { return Ok(Self::Nothing) };
        if text.contains('=') || text.parse::<MrapArn>().is_ok() {
            let named: NamedMrap = text
                .parse()
                .map_err(|error: narrows_model::NameError| Failure::new(format!("--mrap: {error}")))?;
            return Ok(Self::Arn(named));
        }
        if args.request.request.is_some() {
            return Err(Failure::new(format!(
                "--mrap is `{text}`, and the request in --request names its resource"
            ))
            .help("leave --mrap out, or give the MRAP's ARN where the input does not know it"));
        }
        Ok(Self::Name(text.clone()))
    }

    /// The MRAP as the request names it.
    fn name(self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Name(name) => Some(name),
            Self::Arn(named) => Some(named.arn.to_string()),
        }
    }
}

/// The input and its access model, with the MRAP declared where the input does not know it.
fn read(
    args: &ExplainArgs,
    through: &Through,
    asked: &Asked,
    as_of: Date,
    files: &dyn Files,
) -> Result<(Input, AccessModel), Failure> {
    let flags = |mraps: Vec<NamedMrap>, bucket: Option<BucketName>| Declared {
        stack: args.stack.clone(),
        account: args.account.clone(),
        as_of: args.as_of,
        direct: true,
        template: args.template.clone(),
        mraps,
        bucket,
        ..Declared::default()
    };
    let built = |flags: &Declared| -> Result<(Input, AccessModel), Failure> {
        let input = input::read(&args.paths, flags, files)?;
        let model = check::model(&input, as_of)?;
        Ok((input, model))
    };
    // A bare policy may not tell its bucket: the request does.
    let bucket: Option<BucketName> = asked.target.bucket.as_ref().and_then(|name| name.parse().ok());
    let Through::Arn(named) = through else { return built(&flags(Vec::new(), bucket)) };
    let known = |model: &AccessModel| model.mraps.iter().any(|mrap| mrap.arn == named.arn.as_str());
    if let (None, Ok(found)) = (&named.name, built(&flags(Vec::new(), bucket.clone())))
        && known(&found.1)
    {
        return Ok(found);
    }
    built(&flags(vec![named.clone()], bucket))
}

fn failure(error: &AskError) -> Failure {
    let failure = Failure::new(error.to_string());
    match error.remedy() {
        Some(remedy) => failure.help(remedy),
        None => failure,
    }
}

/// What stands above the decision.
fn preface(input: &Input, as_of: Date) -> Preface {
    check::read_as(Preface::default(), "decided by", input).fact("as of", as_of.to_string())
}
