//! A form on a page, filled in and sent as a browser without JavaScript does.

use super::visitor::form;
use super::{Answer, Visitor};
use axum::body::Body;
use axum::http::{Request, header};

/// The form and what stands in it.
#[derive(Debug, Clone)]
pub struct PageForm {
    page: String,
    action: String,
    fields: Vec<(String, String)>,
}

impl PageForm {
    /// The form that calls `function` on the page at `path`.
    pub async fn on(visitor: &Visitor, path: &str, function: &str) -> Self {
        let answer = visitor.get(path).await.expect_status(200);
        let forms = answer.text().split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap());
        let action = |form: &str| attribute(form, "action").filter(|a| a.ends_with(&format!("/{function}")));
        let (action, html) = forms.filter_map(|f| Some((action(f)?, f))).next().unwrap_or_else(|| panic!("no form {function} at {path}"));
        let controls = ["<input", "<textarea", "<select"].map(|tag| html.split(tag).skip(1)).into_iter().flatten();
        let fields = controls.filter(|c| is_sent(c)).filter_map(|c| Some((attribute(c, "name")?, value(c)))).collect();
        Self { page: path.into(), action, fields }
    }

    /// With `value` in the field of this name, which must be there.
    #[track_caller]
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        let field = self.fields.iter_mut().find(|(n, _)| n == name).unwrap_or_else(|| panic!("no field {name} at {}", self.page));
        field.1 = value.into();
        self
    }

    /// Presses the button.
    pub async fn send(&self, visitor: &Visitor) -> Answer {
        let fields: Vec<_> = self.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let request = Request::post(&self.action).header("sec-fetch-site", "same-origin").header(header::ACCEPT, "text/html,*/*;q=0.8");
        let request = request.header(header::REFERER, format!("http://127.0.0.1:3000{}", self.page));
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        visitor.send(request.body(Body::from(form(&fields))).unwrap()).await
    }

    /// Presses the button, and goes where that leads.
    pub async fn follow(&self, visitor: &Visitor) -> Answer {
        let answer = self.send(visitor).await;
        assert!(answer.status.is_redirection(), "{answer:?}");
        let to = answer.header("location").trim_start_matches("http://127.0.0.1:3000").to_owned();
        visitor.get(&to).await
    }
}

/// Of radio buttons only the one chosen is.
fn is_sent(html: &str) -> bool {
    let tag = html.split('>').next().unwrap_or_default();
    attribute(html, "type").is_none_or(|kind| kind != "radio") || tag.contains(" checked")
}

/// What stands in the control that `html` begins in: its value, or that of the option chosen.
fn value(html: &str) -> String {
    let options = || html.split("</select>").next().unwrap_or_default().split("<option").skip(1);
    let is_chosen = |option: &&str| option.split('>').next().is_some_and(|tag| tag.contains(" selected"));
    let option = || options().find(is_chosen).or_else(|| options().next());
    attribute(html, "value").or_else(|| attribute(option()?, "value")).unwrap_or_default()
}

/// An attribute of the tag that `html` begins in.
fn attribute(html: &str, name: &str) -> Option<String> {
    let tag = html.split('>').next()?;
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(rest.split('"').next()?.replace("&amp;", "&"))
}
