// A provider of plugin protocol 6, made with the framework: attributes in attributes, defaults, and functions.
package main

import (
	"context"
	"log"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func main() {
	options := providerserver.ServeOpts{Address: "example.com/narrows/modern"}
	if err := providerserver.Serve(context.Background(), func() provider.Provider { return modern{} }, options); err != nil {
		log.Fatal(err)
	}
}

type modern struct{}

func (modern) Metadata(_ context.Context, _ provider.MetadataRequest, answer *provider.MetadataResponse) {
	answer.TypeName = "modern"
}
func (modern) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (modern) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
	log.Fatal("nobody may configure it: its block might hold credentials")
}
func (modern) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (modern) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return label{} }}
}
func (modern) Functions(context.Context) []func() function.Function {
	return []func() function.Function{func() function.Function { return part{} }}
}

// A resource whose id comes with it.
type label struct{}

func (label) Metadata(_ context.Context, _ resource.MetadataRequest, answer *resource.MetadataResponse) {
	answer.TypeName = "modern_label"
}
func (label) Schema(_ context.Context, _ resource.SchemaRequest, answer *resource.SchemaResponse) {
	answer.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":   schema.StringAttribute{Computed: true},
		"name": schema.StringAttribute{Required: true},
		"note": schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: []planmodifier.String{nothing{}}},
		"kind": schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("plain")},
		"parts": schema.ListNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{
			Attributes: map[string]schema.Attribute{
				"key":   schema.StringAttribute{Required: true},
				"class": schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("standard")},
				"id":    schema.StringAttribute{Computed: true},
			},
		}},
	}}
}
func (label) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}
func (label) Read(context.Context, resource.ReadRequest, *resource.ReadResponse)       {}
func (label) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}
func (label) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// Plans that there will be no value.
type nothing struct{}

func (nothing) Description(context.Context) string         { return "" }
func (nothing) MarkdownDescription(context.Context) string { return "" }
func (nothing) PlanModifyString(_ context.Context, request planmodifier.StringRequest, answer *planmodifier.StringResponse) {
	if request.ConfigValue.IsNull() {
		answer.PlanValue = types.StringNull()
	}
}

// The part of a text before the first colon, as functions take ARNs apart.
type part struct{}

func (part) Metadata(_ context.Context, _ function.MetadataRequest, answer *function.MetadataResponse) {
	answer.Name = "part"
}
func (part) Definition(_ context.Context, _ function.DefinitionRequest, answer *function.DefinitionResponse) {
	answer.Definition = function.Definition{
		Parameters: []function.Parameter{
			function.StringParameter{Name: "text"},
			function.Int64Parameter{Name: "number"},
		},
		Return: function.StringReturn{},
	}
}
func (part) Run(ctx context.Context, request function.RunRequest, answer *function.RunResponse) {
	var text string
	var number int64
	answer.Error = function.ConcatFuncErrors(request.Arguments.Get(ctx, &text, &number))
	parts := strings.Split(text, ":")
	if answer.Error == nil && (number < 0 || number >= int64(len(parts))) {
		answer.Error = function.NewFuncError("there is no such part")
	}
	if answer.Error == nil {
		answer.Error = answer.Result.Set(ctx, parts[number])
	}
}
