//! From which event on the server must tell what happened.

/// From which event on the server must tell what happened: the newest one that was told, or an earlier
/// one for a page that began to follow with older data and has had no answer yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resume {
    told: i64,
    owed: Option<i64>,
    asked: u32,
}

impl Resume {
    /// A page follows from `since` on.
    pub fn want(&mut self, since: i64) {
        self.owed = Some(self.owed.map_or(since, |owed| owed.min(since)));
    }
}

#[cfg(any(feature = "hydrate", test))]
impl Resume {
    /// What to go on from.
    #[must_use]
    pub fn since(&self) -> i64 {
        self.owed.unwrap_or(self.told)
    }

    /// An event was told.
    pub fn heard(&mut self, seq: i64) {
        self.told = self.told.max(seq);
    }

    /// A new socket: what the one before was asked, it will not answer.
    pub fn begin(&mut self) {
        self.asked = 0;
    }

    /// The server was asked to tell everything that is followed now; from where on.
    pub fn ask(&mut self) -> i64 {
        self.asked += 1;
        self.since()
    }

    /// Everything up to `seq` was told. Only the answer to the last question settles what is owed.
    pub fn settle(&mut self, seq: i64) {
        self.heard(seq);
        self.asked = self.asked.saturating_sub(1);
        if self.asked == 0 {
            self.owed = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Resume;

    #[test]
    fn a_quiet_list_goes_on_from_what_its_page_was_read_after() {
        let mut resume = Resume::default();
        resume.want(7);
        assert_eq!(resume.ask(), 7);
        resume.settle(9);
        resume.begin();
        assert_eq!(resume.ask(), 9, "nothing has happened since, but that much is known");
    }

    #[test]
    fn what_one_page_has_heard_does_not_take_from_another() {
        let mut resume = Resume::default();
        resume.want(20);
        resume.ask();
        resume.heard(30);
        resume.want(25);
        assert_eq!(resume.ask(), 20, "the first question is still open");
        resume.settle(30);
        assert_eq!(resume.since(), 20, "the second question is still open");
        resume.settle(31);
        assert_eq!(resume.since(), 31);
        resume.want(28);
        assert_eq!(resume.ask(), 28);
    }

    #[test]
    fn a_cut_before_the_answer_asks_again() {
        let mut resume = Resume::default();
        resume.want(5);
        resume.ask();
        resume.heard(8);
        resume.begin();
        assert_eq!(resume.ask(), 5);
        resume.settle(8);
        assert_eq!(resume.since(), 8);
    }
}
