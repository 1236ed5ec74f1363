//! `doctor`: whether each engine is there, is deterministic, and would be found out if it were not.

use super::super::args::{DoctorArgs, SpecimenArgs};
use super::super::engines::Engines;
use super::super::error::CliError;
use super::super::exit::Exit;
use super::super::interrupt::unless_stopped;
use super::super::table::{self, counted, green, red, yellow};
use super::super::{Invocation, witness};
use crate::doctor::{self, Examined, Specimen, Verdict};
use crate::engine::EngineName;
use std::io::Write;

/// Examines every engine and prints one row for each examination, and a block for each that is not as it should be.
pub(in crate::cli) fn doctor(
    invocation: &Invocation<'_>,
    args: &DoctorArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let mut all = Vec::new();
    let asked = invocation.catalogue.asked();
    for engine in EngineName::ALL.into_iter().filter(|one| asked.is_none_or(|asked| asked == *one))
    {
        let mut elsewhere = |specimen: &Specimen| witness::specimen(*specimen);
        let examine = || doctor::examine(engine, args.plant, &mut elsewhere);
        let Some(examined) = unless_stopped(&invocation.stop, examine)? else {
            writeln!(out, "interrupted: nothing is said of what was not examined")?;
            return Ok(Exit::Interrupted);
        };
        all.extend(examined);
    }
    report(out, &requiring(args, asked), &all)
}

/// Whoever asks for an engine requires it.
fn requiring(args: &DoctorArgs, asked: Option<EngineName>) -> DoctorArgs {
    let require = args.require.iter().copied().chain(asked).collect();
    DoctorArgs { require, ..args.clone() }
}

/// The hidden command: runs a specimen and prints what it leaves behind.
pub(in crate::cli) fn specimen(args: &SpecimenArgs, out: &mut dyn Write) -> Result<Exit, CliError> {
    let SpecimenArgs { engine, seed, plant } = *args;
    write!(out, "{}", Specimen { engine, seed, planted: plant }.testimony()?)?;
    Ok(Exit::Passed)
}

fn report(out: &mut dyn Write, args: &DoctorArgs, all: &[Examined]) -> Result<Exit, CliError> {
    write!(out, "engines: {Engines}")?;
    if let Some(leak) = args.plant {
        write!(out, ", with {leak}")?;
    }
    writeln!(out, "\n")?;
    let mut table = table::table(["engine", "examination", "verdict"]);
    for Examined { engine, examination, verdict } in all {
        table.add_row([engine.to_string(), examination.to_string(), words(verdict)]);
    }
    write!(out, "{}", table::text(&table))?;
    for examined in all.iter().filter(|examined| !matches!(examined.verdict, Verdict::Ok(_))) {
        write!(out, "\n{examined}")?;
    }
    verdict(out, args, all)
}

/// A verdict in one line: its colour is none of its width.
fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Ok(fact) => format!("{}      {fact}", green("ok")),
        Verdict::Off(_) => format!("{}     this build does not have it", yellow("off")),
        Verdict::Failed(_) => red("FAILED"),
    }
}

/// The last lines, and how it ended: whatever fails leaves a run that may not be what its seed says.
fn verdict(out: &mut dyn Write, args: &DoctorArgs, all: &[Examined]) -> Result<Exit, CliError> {
    let is = |engine: EngineName, verdict: fn(&Verdict) -> bool| {
        all.iter().any(|examined| examined.engine == engine && verdict(&examined.verdict))
    };
    let is_off = |engine| is(engine, |verdict| matches!(verdict, Verdict::Off(_)));
    let made = all.iter().filter(|examined| !matches!(examined.verdict, Verdict::Off(_))).count();
    let failed =
        all.iter().filter(|examined| matches!(examined.verdict, Verdict::Failed(_))).count();
    let is_on = |engine: &EngineName| is(*engine, |verdict| !matches!(verdict, Verdict::Off(_)));
    let examined = EngineName::ALL.iter().filter(|engine| is_on(engine)).count();
    let (made, examined) =
        (counted(made as u64, "examination"), counted(examined as u64, "engine"));
    let mut exit = Exit::Passed;
    let words = match failed {
        0 => green("all ok"),
        failed => {
            exit = Exit::NotDeterministic;
            red(&format!("{failed} FAILED"))
        }
    };
    writeln!(out, "\n{made} of {examined}: {words}")?;
    for &engine in args.require.iter().filter(|&&engine| is_off(engine)) {
        exit = exit.max(Exit::Usage);
        writeln!(
            out,
            "{}",
            red(&format!("{engine} is required, and this build does not have it"))
        )?;
    }
    Ok(exit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::{Ailment, Examination, Fact};
    use crate::engine::{Unavailable, nodes};

    fn args(require: &[EngineName]) -> DoctorArgs {
        DoctorArgs { plant: None, require: require.to_vec() }
    }

    fn examined(engine: EngineName, verdict: Verdict) -> Examined {
        Examined { engine, examination: Examination::Available, verdict }
    }

    fn off() -> Examined {
        let missing = Unavailable::Nodes(nodes::Unavailable::Cfg);
        examined(EngineName::Nodes, Verdict::Off(missing))
    }

    fn said(args: &DoctorArgs, all: &[Examined]) -> (Exit, String) {
        let mut out = Vec::new();
        let exit = report(&mut out, args, all).expect("there is room");
        let text = anstream::adapter::strip_bytes(&out).into_vec();
        (exit, String::from_utf8(text).expect("it is text"))
    }

    #[test]
    fn an_engine_that_is_off_is_said_with_what_to_change_and_is_no_error() {
        let threads = examined(EngineName::Threads, Verdict::Ok(Fact::Available));
        let (exit, text) = said(&args(&[]), &[threads.clone(), off()]);
        assert_eq!(exit, Exit::Passed, "{text}");
        assert!(text.contains("nodes    available    off     this build does not have it\n"));
        assert!(
            text.contains("\nOFF  nodes\n\n  because  this build has no `--cfg madsim`"),
            "{text}"
        );
        assert!(text.ends_with("\n1 examination of 1 engine: all ok\n"), "{text}");
        // Unless it has to be there.
        let (exit, text) = said(&args(&[EngineName::Nodes]), &[threads, off()]);
        assert_eq!(exit, Exit::Usage, "{text}");
        assert!(
            text.ends_with("all ok\nnodes is required, and this build does not have it\n"),
            "{text}"
        );
    }

    #[test]
    fn an_engine_that_is_asked_for_by_name_has_to_be_there() {
        let (exit, text) = said(&requiring(&args(&[]), Some(EngineName::Nodes)), &[off()]);
        assert_eq!(exit, Exit::Usage, "{text}");
        assert!(text.ends_with("nodes is required, and this build does not have it\n"), "{text}");
        assert_eq!(requiring(&args(&[]), None).require, []);
    }

    #[test]
    fn an_engine_that_is_there_may_be_required() {
        let threads = examined(EngineName::Threads, Verdict::Ok(Fact::Available));
        let (exit, text) = said(&args(&[EngineName::Threads]), &[threads]);
        assert_eq!(exit, Exit::Passed);
        assert!(text.ends_with(": all ok\n"), "{text}");
    }

    #[test]
    fn whatever_fails_outweighs_what_is_off() {
        let failed = Verdict::Failed(Box::new(Ailment::NotFromTheSeed));
        let all = [examined(EngineName::Threads, failed), off()];
        let (exit, text) = said(&args(&[EngineName::Nodes]), &all);
        assert_eq!(exit, Exit::NotDeterministic);
        assert!(text.contains("threads  available    FAILED\n"), "{text}");
        assert!(text.contains("\nFAILED  threads  available\n\n  wanted   "), "{text}");
        assert!(text.contains("\n1 examination of 1 engine: 1 FAILED\n"), "{text}");
    }
}
