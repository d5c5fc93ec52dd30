//! A day as a drawing: requests a second, and how many desks were not true.

use std::{fmt::Write as _, time::Duration};

use super::{
    clock::{MINUTE, at},
    day::{CLOSING, CUT, OUTAGE},
    figures::Figures,
    portal::LEAK,
};

const FROM: Duration = at(8, 30);
const LEFT: f64 = 60.0;
const WIDTH: f64 = 900.0;
/// Top and height of the two panels.
const REQUESTS: (f64, f64) = (50.0, 240.0);
const UNTRUE: (f64, f64) = (340.0, 110.0);

pub fn svg(title: &str, people: usize, figures: &Figures) -> String {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 980 490\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n\
         <rect width=\"980\" height=\"490\" fill=\"#fff\"/>\n",
    );
    text(&mut svg, LEFT, 20.0, "start", &format!("{title}: requests a second, means of a minute (root scale)"));
    let minutes: Vec<Duration> = (0..((CLOSING - FROM).as_secs() / 60) as u32).map(|minute| FROM + minute * MINUTE).collect();
    let asked = |from: Duration| f64::from(figures.asked_between(from, from + MINUTE)) / 60.0;
    let admitted = |from: Duration| asked(from) - f64::from(figures.refused_between(from, from + MINUTE)) / 60.0;
    let top = minutes.iter().map(|minute| asked(*minute)).fold(LEAK * 1.5, f64::max);
    let height = |rate: f64| REQUESTS.0 + REQUESTS.1 * (1.0 - (rate / top).sqrt());
    trouble(&mut svg);
    for rate in
        [0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0].into_iter().filter(|rate| *rate <= top && (*rate == 0.0 || *rate >= top / 40.0))
    {
        rule(&mut svg, height(rate), if rate == LEAK { "#a00" } else { "#ddd" });
        text(&mut svg, LEFT - 6.0, height(rate) + 4.0, "end", &rate.to_string());
    }
    text(&mut svg, across(at(13, 0)), height(LEAK) - 6.0, "middle", "what leaks out of the bucket");
    line(&mut svg, "#e69f00", &minutes, |minute| height(asked(minute)));
    line(&mut svg, "#0072b2", &minutes, |minute| height(admitted(minute)));
    text(&mut svg, LEFT + WIDTH - 190.0, 20.0, "end", "blue: admitted");
    text(&mut svg, LEFT + WIDTH, 20.0, "end", "orange: asked, with refused");
    text(
        &mut svg,
        LEFT,
        UNTRUE.0 - 10.0,
        "start",
        &format!("desks of {people} whose portal or icon does not say yet what the person means"),
    );
    let most = (minutes.iter().map(|minute| figures.untrue_at(minute.as_secs() as usize)).max().unwrap_or(0)).max(1);
    let height = |desks: u32| UNTRUE.0 + UNTRUE.1 * (1.0 - f64::from(desks) / f64::from(most));
    for desks in [0, most / 2, most] {
        rule(&mut svg, height(desks), "#ddd");
        text(&mut svg, LEFT - 6.0, height(desks) + 4.0, "end", &desks.to_string());
    }
    line(&mut svg, "#000", &minutes, |minute| height(figures.untrue_at(minute.as_secs() as usize)));
    for hour in 9..=17 {
        text(&mut svg, across(at(hour, 0)), UNTRUE.0 + UNTRUE.1 + 18.0, "middle", &format!("{hour}:00"));
    }
    svg.push_str("</svg>\n");
    svg
}

fn across(at: Duration) -> f64 {
    LEFT + WIDTH * (at - FROM).as_secs_f64() / (CLOSING - FROM).as_secs_f64()
}

/// The outage and the cut, as bands behind everything.
fn trouble(svg: &mut String) {
    for ((from, to), name) in [(OUTAGE, "outage"), (CUT, "cut")] {
        let (left, width) = (across(from), across(to) - across(from));
        let (top, height) = (REQUESTS.0, UNTRUE.0 + UNTRUE.1 - REQUESTS.0);
        _ = writeln!(svg, "<rect x=\"{left:.1}\" y=\"{top}\" width=\"{width:.1}\" height=\"{height}\" fill=\"#eee\"/>");
        text(svg, left + width / 2.0, REQUESTS.0 - 4.0, "middle", name);
    }
}

fn line(svg: &mut String, colour: &str, minutes: &[Duration], height: impl Fn(Duration) -> f64) {
    let points: Vec<String> = minutes.iter().map(|minute| format!("{:.1},{:.1}", across(*minute), height(*minute))).collect();
    _ = writeln!(svg, "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\" points=\"{}\"/>", points.join(" "));
}

fn rule(svg: &mut String, y: f64, colour: &str) {
    _ = writeln!(svg, "<path d=\"M{LEFT} {y:.1}h{WIDTH}\" stroke=\"{colour}\"/>");
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, text: &str) {
    _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>");
}
