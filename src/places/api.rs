//! Places and regions as JSON.

use super::service::{self, NewPlace};
use super::types::{Place, Region};
use crate::app::App;
use crate::error::{AppError, Checks};
use crate::parties::{Actor, Role};
use crate::values::Coordinates;
use crate::values::ids::parse_id;
use crate::web::idempotency::Request;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use crate::web::text::name_text;
use crate::web::{Body, IdempotencyKey, Page, PageQuery, Params, Reply};
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Who may add a place to their own organisation.
const PLACE_ROLES: &[Role] = &[Role::Usaha, Role::Ketua, Role::Gudang, Role::Seller, Role::Operator, Role::Admin];

/// Routes of this domain.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_places, create_place))
        .routes(routes!(get_place))
        .routes(routes!(list_provinces))
        .routes(routes!(get_region))
        .routes(routes!(list_regions_within))
}

/// A point where an organisation loads or receives goods.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceJson {
    /// Identifier.
    pub id: String,
    /// Whose it is.
    pub organisation_id: String,
    /// The region it lies in, where known.
    pub region_code: Option<String>,
    /// Name.
    pub name: String,
    /// Decimal degrees north.
    pub latitude: String,
    /// Decimal degrees east.
    pub longitude: String,
    /// Rises with every change; also the `ETag`.
    pub version: i64,
}

impl From<Place> for PlaceJson {
    fn from(place: Place) -> Self {
        Self {
            id: place.id.to_string(),
            organisation_id: place.organisation_id.to_string(),
            region_code: place.region_code,
            name: place.name,
            latitude: place.coordinates.latitude(),
            longitude: place.coordinates.longitude(),
            version: place.version,
        }
    }
}

/// A place to make.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceBody {
    /// Whose it is; your own organisation unless said otherwise (operators: a member of your markets).
    organisation_id: Option<String>,
    /// Dotted Kemendagri code of the region it lies in.
    region_code: Option<String>,
    /// Name, unique within the organisation.
    name: String,
    /// Decimal degrees north, at most six decimals.
    latitude: String,
    /// Decimal degrees east, at most six decimals.
    longitude: String,
}

impl PlaceBody {
    fn parse(self, actor: &Actor) -> Result<NewPlace, AppError> {
        let mut checks = Checks::default();
        let owner = match &self.organisation_id {
            None => Some(actor.organisation_id),
            Some(text) => match parse_id(text) {
                // Whether it is looked after is the service's affair.
                Ok(id) => Some(id),
                Err(error) => {
                    checks.add("/organisation_id", error);
                    None
                }
            },
        };
        let region = self.region_code.as_deref();
        let region = region.map(|code| name_text(&mut checks, "/region_code", code, 13));
        let name = name_text(&mut checks, "/name", &self.name, 200);
        let latitude = checks.ok("/latitude", Coordinates::parse(&self.latitude, "0"));
        let longitude = checks.ok("/longitude", Coordinates::parse("0", &self.longitude));
        let coordinates = latitude
            .zip(longitude)
            .and_then(|(north, east)| Coordinates::new(north.latitude_e6(), east.longitude_e6()).ok());
        let new = (|| {
            Some(NewPlace {
                organisation_id: owner?,
                region_code: region.flatten(),
                name: name?,
                coordinates: coordinates?,
            })
        })();
        checks.finish_with(new)
    }
}

/// A region of the country.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegionJson {
    /// Dotted Kemendagri code.
    pub code: String,
    /// Name.
    pub name: String,
    /// `province`, `kabupaten`, `kota`, `kecamatan`, `kelurahan` or `desa`.
    pub kind: &'static str,
    /// The region one level up; absent for a province.
    pub parent_code: Option<String>,
    /// Decimal degrees north of a point inside, where known.
    pub latitude: Option<String>,
    /// Decimal degrees east of a point inside, where known.
    pub longitude: Option<String>,
    /// Zone 1, 2 or 3 of the rice ceiling prices, where known.
    pub rice_zone: Option<i32>,
}

impl From<Region> for RegionJson {
    fn from(region: Region) -> Self {
        Self {
            code: region.code().to_owned(),
            name: region.name().to_owned(),
            kind: region.kind().word(),
            parent_code: region.parent_code().map(ToOwned::to_owned),
            latitude: region.coordinates().map(Coordinates::latitude),
            longitude: region.coordinates().map(Coordinates::longitude),
            rice_zone: region.rice_zone().map(crate::values::RiceZone::get),
        }
    }
}

/// Whose places, and which page of them.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlaceQuery {
    /// Whose; your own organisation unless said otherwise (operators: a member of your markets).
    organisation_id: Option<String>,
    /// Where the page before ended; from its `next` link.
    cursor: Option<String>,
    /// Most records to answer, 1 to 500.
    limit: Option<i64>,
}

/// Places of my organisation, in pages (operators: of members of their markets).
#[utoipa::path(get, path = "/api/v1/places", tag = "places", params(PlaceQuery),
    responses((status = 200, body = Page<PlaceJson>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_places(
    State(app): State<App>,
    actor: Actor,
    Params(query): Params<PlaceQuery>,
) -> Result<Reply, AppError> {
    let owner = match &query.organisation_id {
        Some(text) => id_of(text)?,
        None => actor.organisation_id,
    };
    let page = PageQuery { cursor: query.cursor, limit: query.limit };
    let (after, limit) = (page.after()?, page.limit()?);
    let rows = app
        .read_async(&actor, move |connection, scope| {
            service::list_of_organisation(connection, scope, owner, after, limit + 1)
        })
        .await?;
    let address = format!("/api/v1/places?organisation_id={owner}");
    Reply::ok(&Page::from_rows(rows, limit, &address, |row| row.id, PlaceJson::from))
}

/// One place of my organisation (operators: of members of their markets).
#[utoipa::path(get, path = "/api/v1/places/{id}", tag = "places", params(("id" = String, Path,)),
    responses((status = 200, body = PlaceJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_place(State(app): State<App>, actor: Actor, Path(id): Path<String>) -> Result<Reply, AppError> {
    let id = id_of(&id)?;
    let place = app.read_async(&actor, move |connection, scope| service::get(connection, scope, id)).await?;
    let version = place.version;
    Ok(Reply::ok(&PlaceJson::from(place))?.with_version(version))
}

/// Makes a place for my organisation (operators: for members of their markets).
#[utoipa::path(post, path = "/api/v1/places", tag = "places", request_body = PlaceBody,
    params(("idempotency-key" = String, Header,)),
    responses((status = 201, body = PlaceJson), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_place(
    State(app): State<App>,
    actor: Actor,
    key: IdempotencyKey,
    body: Body<PlaceBody>,
) -> Result<Reply, AppError> {
    actor.require_role(PLACE_ROLES)?;
    let new = body.value.parse(&actor)?;
    let request = Request { operation: "places.create".to_owned(), key, sha256: body.sha256 };
    app.once(&actor, request, move |work| {
        let place = service::create(work, new.clone())?;
        let (id, version) = (place.id, place.version);
        Ok(Reply::created(format!("/api/v1/places/{id}"), &PlaceJson::from(place))?.with_version(version))
    })
    .await
}

/// A list of regions.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegionsJson {
    /// The regions, by code.
    pub items: Vec<RegionJson>,
}

/// The provinces.
#[utoipa::path(get, path = "/api/v1/regions", tag = "places",
    responses((status = 200, body = RegionsJson), (status = 401, body = Problem)))]
async fn list_provinces(State(app): State<App>, actor: Actor) -> Result<Reply, AppError> {
    let regions = app.read_async(&actor, |connection, _| service::list_regions(connection, None)).await?;
    Reply::ok(&RegionsJson { items: regions.into_iter().map(RegionJson::from).collect() })
}

/// One region.
#[utoipa::path(get, path = "/api/v1/regions/{code}", tag = "places", params(("code" = String, Path,)),
    responses((status = 200, body = RegionJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_region(State(app): State<App>, actor: Actor, Path(code): Path<String>) -> Result<Reply, AppError> {
    let region = app.read_async(&actor, move |connection, _| service::get_region(connection, &code)).await?;
    Reply::ok(&RegionJson::from(region))
}

/// The regions directly within one.
#[utoipa::path(get, path = "/api/v1/regions/{code}/children", tag = "places", params(("code" = String, Path,)),
    responses((status = 200, body = RegionsJson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_regions_within(
    State(app): State<App>,
    actor: Actor,
    Path(code): Path<String>,
) -> Result<Reply, AppError> {
    let regions = app
        .read_async(&actor, move |connection, _| {
            service::get_region(connection, &code)?;
            service::list_regions(connection, Some(&code))
        })
        .await?;
    Reply::ok(&RegionsJson { items: regions.into_iter().map(RegionJson::from).collect() })
}
